import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as library from './index';

describe('the package', () => {
  it('exports from its ES module entry the names of the CommonJS build', () => {
    const entry = readFileSync(join(__dirname, '..', 'index.mjs'), 'utf8');
    const names = [...entry.matchAll(/^ {2}(\w+),$/gm)].map(([, name]) => name);
    expect(names).toEqual(Object.keys(library).sort());
  });
});
