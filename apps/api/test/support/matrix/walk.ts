import type { TestApp } from '../app';
import type { TestResponse } from '../test-response';
import { type Owned, WORDS } from './owned';
import { type Column, type Row, ROWS } from './rows';

/** Letters of the table by kind of words. */
const LETTERS = { identity: 'i', profile: 'f', shared: 's', clinical: 'c', pharmacy: 'm' } as const;

/** Whose words a text holds, as letters of the table. */
export function leaksOf(text: string, email?: string): string {
  const kinds = Object.keys(LETTERS) as (keyof typeof LETTERS)[];
  const found = kinds.filter((kind) => WORDS[kind].some((word) => text.includes(word))).map((kind) => LETTERS[kind]);
  return email !== undefined && text.includes(email) && !found.includes('i')
    ? ['i', ...found].join('')
    : found.join('');
}

/** Asks for a row's route with the owner's real ids, and an empty body where a body may be. */
export function ask(t: TestApp, owned: Owned, row: Row, token?: string): Promise<TestResponse> {
  const path = row.idPath.replace(/:(\w+)/g, (_match, name: string) => {
    const id = owned.ids[name];
    if (id === undefined) throw new Error(`${row.idPath}: owned.ts makes no ${name}`);
    return id;
  });
  const body = row.method === 'GET' ? undefined : {};
  return t.http.call(row.method, path, body, token === undefined ? {} : { token });
}

/** Walks a column; answers each difference from the table. */
export async function walk(t: TestApp, owned: Owned, column: Column, token: string): Promise<string[]> {
  const differences: string[] = [];
  for (const row of ROWS) {
    const cell = row.cells[column];
    if (cell === null) continue;
    const { status, text } = await ask(t, owned, row, token);
    const leaked = [...leaksOf(text, owned.patient.email)].filter((letter) => !cell.words.includes(letter));
    if (status !== cell.status || leaked.length > 0)
      differences.push(
        `${column}: ${row.method} ${row.path} answered ${status} ${leaked.join('')}, not ${cell.status}`,
      );
  }
  return differences;
}
