import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const API = join(__dirname, '../..');
const PAGE = readFileSync(join(API, '../../docs/security.md'), 'utf8');
const REFERENCE = /`((?:src|test)\/[\w./-]+\.spec\.ts)` "([^"]+)"/g;

/** The titles that a spec file gives its tests, as written in its source. */
function titlesOf(file: string): string[] {
  const source = readFileSync(join(API, file), 'utf8');
  return [...source.matchAll(/(?:\bit|\]\))\(\s*(['"`])(.*?)\1,/gs)].map((match) => match[2] ?? '');
}

describe('docs/security.md', () => {
  it('names a test for every promise', () => {
    const rows = PAGE.split('\n').filter(
      (line) => line.startsWith('| ') && !/^\| (promise|risk|chapter|-+)\s/.test(line),
    );
    expect(rows.length).toBeGreaterThan(20);
    for (const row of rows) expect(row).toMatch(/\.spec\.ts` "[^"]+"/);
  });

  it('names tests that exist', () => {
    const references = [...PAGE.matchAll(REFERENCE)].map(([, file = '', title = '']) => ({ file, title }));
    for (const { file, title } of references) {
      expect(existsSync(join(API, file)), file).toBe(true);
      const found = titlesOf(file).filter((candidate) => candidate.startsWith(title));
      expect(found, `${file} "${title}"`).toHaveLength(1);
    }
  });
});
