import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SHARD_KEYS } from '../../src/platform/database/shard-keys';
import { startTestApp, type TestApp } from '../support/app';

const GUIDE = readFileSync(join(__dirname, '../../../../docs/sharding.md'), 'utf8');

describe('the shard keys', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await startTestApp();
  });

  afterAll(async () => {
    await t.close();
  });

  /** The declared models by the name of their collection. */
  const models = () => Object.values(t.db.models);

  it.each([...SHARD_KEYS])('$collection: $field is required, and every unique index begins with it', (key) => {
    const own = models().filter((model) => model.collection.collectionName === key.collection);
    expect(own).not.toHaveLength(0);
    for (const { schema } of own) {
      // A document without the field would lie on the shard of null; its move needs a write that names the key.
      expect(schema.path(key.field).isRequired).toBe(true);
      const unique = schema.indexes().filter(([, options]) => options.unique === true);
      expect(unique.map(([fields]) => Object.keys(fields)[0])).toEqual(unique.map(() => key.field));
    }
  });

  it('stand in the guide, which speaks of every collection there is', () => {
    for (const { collection, field } of SHARD_KEYS)
      expect(GUIDE).toMatch(new RegExp(`^\\| \`${collection}\` +\\| hashed \`${field}\``, 'm'));
    const missing = models()
      .map((model) => model.collection.collectionName)
      .filter((name) => !GUIDE.includes(`\`${name}\``));
    expect(missing).toEqual([]);
  });
});
