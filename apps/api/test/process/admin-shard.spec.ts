import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { SHARD_KEYS } from '../../src/platform/database/shard-keys';
import { startTestApp, type TestApp } from '../support/app';
import { ensureServerBuilt } from '../support/built-server';

const ADMIN = join(__dirname, '../../dist/cli/admin.js');

describe('the operator’s shard', () => {
  let t: TestApp;

  beforeAll(async () => {
    ensureServerBuilt();
    t = await startTestApp();
  }, 120_000);

  afterAll(async () => {
    await t.close();
  });

  /** Exit code and the lines that were printed. */
  function shard(...args: string[]): Promise<[code: unknown, lines: string[]]> {
    const uri = new URL(inject('mongoUri'));
    uri.pathname = `/${t.dbName}`;
    if (uri.username !== '') uri.searchParams.set('authSource', 'admin');
    const env = { ...process.env, MONGODB_URI: uri.toString() };
    return new Promise((resolve) => {
      execFile(process.execPath, [ADMIN, 'shard', ...args], { env }, (error, stdout) => {
        resolve([error === null ? 0 : error.code, stdout.trim().split('\n')]);
      });
    });
  }

  const indexNames = async (): Promise<string[]> => {
    const lists = await Promise.all(SHARD_KEYS.map(({ collection }) => t.db.collection(collection).indexes()));
    return lists.flat().map(({ name }) => name ?? '');
  };

  it('refuses a database that is no cluster with one sentence, and changes nothing', async () => {
    const before = await indexNames();
    expect(await shard()).toEqual([
      1,
      ['This database is no sharded cluster: MONGODB_URI must name its mongos. Nothing was changed.'],
    ]);
    expect(await indexNames()).toEqual(before);
  });

  it('prints every command of a dry run, and changes nothing', async () => {
    const before = await indexNames();
    const [code, lines] = await shard('--dry-run');
    expect(code).toBe(0);
    const commands = lines.map((line) => (JSON.parse(line) as { command: object }).command);
    expect(commands).toEqual([
      { enableSharding: t.dbName },
      ...SHARD_KEYS.flatMap(({ collection, field }) => [
        { createIndexes: collection, indexes: [{ key: { [field]: 'hashed' }, name: `${collection}_shard` }] },
        { shardCollection: `${t.dbName}.${collection}`, key: { [field]: 'hashed' } },
      ]),
    ]);
    expect(await indexNames()).toEqual(before);
  });

  it('refuses what it does not know', async () => {
    for (const args of [['--force'], ['--dry-run', '--dry-run']]) expect((await shard(...args))[0]).toBe(2);
  });
});
