import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedMongo } from '@diabcare/embedded-mongo';
import * as glycemia from '@diabcare/glycemia';
import { io, type Socket } from 'socket.io-client';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app';
import { type Page, readPage } from '../support/pages';

/** The examples of a page, one after the other, as a reader would paste them into one file; imports become values. */
function program(page: Page, ...languages: string[]): string {
  const examples = page.blocks.filter(({ language }) => languages.includes(language)).map(({ text }) => text);
  return examples.join('\n').replaceAll(/^import .*$/gm, '');
}

/** Runs a program in which these names are known; resolves with what `result`, an expression at its end, is. */
async function run(text: string, names: Readonly<Record<string, unknown>>, result = 'undefined'): Promise<unknown> {
  const source = `async function run({ ${Object.keys(names).join(', ')} }) {\n${text}\nreturn ${result};\n}`;
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022 },
  });
  // The text is our own page.
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  const compiled = new Function(`${outputText}\nreturn run;`)() as (values: object) => Promise<unknown>;
  return compiled(names);
}

/** Expressions of a program whose comment shows their value: `mean([112, 118]); // 115 mg/dL`. */
const SHOWN = /^(?!const |let |import |\s)(\S.*); \/\/ (\d[\d.]*|\{ .* \}|\[\])(?: (?!for ).*)?$/gm;

/** What a comment shows of a value: all of it, some keys and their values, or only its keys. */
function isShown(value: unknown, shown: string): boolean {
  if (/^\d/.test(shown)) return value === Number(shown);
  if (shown === '[]') return Array.isArray(value) && value.length === 0;
  const parts = shown.slice(2, -2).split(', ');
  return parts
    .filter((part) => part !== '...')
    .every((part) => {
      const [key = '', number] = part.split(': ');
      const known = typeof value === 'object' && value !== null && key in value;
      return known && (number === undefined || (value as Record<string, unknown>)[key] === Number(number));
    });
}

describe('the examples', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await startTestApp();
  });

  afterAll(async () => {
    await t.close();
  });

  it('of the glycemia library give the values that stand beside them', async () => {
    const text = program(readPage('packages/glycemia/README.md'), 'js');
    const shown = [...text.matchAll(SHOWN)].map(([, expression = '', value = '']) => ({ expression, value }));
    expect(shown.length).toBeGreaterThan(4);
    const values = (await run(
      text,
      glycemia,
      `[${shown.map(({ expression }) => expression).join(', ')}]`,
    )) as unknown[];
    for (const [at, { expression, value }] of shown.entries())
      expect(isShown(values[at], value), `${expression} is ${JSON.stringify(values[at])}`).toBe(true);
    expect([isShown(114, '115'), isShown({ n: 1 }, '{ n: 2 }'), isShown({}, '{ n }'), isShown([1], '[]')]).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it('of the private database start one and stop it', { timeout: 60_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'diabcare-example-'));
    const text = program(readPage('packages/embedded-mongo/README.md'), 'ts').replace('./.data/mongo', folder);
    expect(text).toContain(folder);
    const silent = { log: () => undefined };
    const uri = await run(text, { startEmbeddedMongo, console: silent }, 'server.uri');
    expect(uri).toMatch(/^mongodb:\/\//);
    await rm(folder, { recursive: true });
  });

  it('of the real-time page connect, miss nothing, acknowledge and send', async () => {
    const patient = await t.actors.asPatient();
    const doctor = await t.actors.asDoctor();
    await t.actors.link(patient, doctor);
    const parties = { patientId: patient.id, doctorId: doctor.id };
    const conversationId = (await doctor.post('/conversations', parties)).body._id as string;
    const told: string[] = [];
    const shown: string[] = [];
    const page = readPage('docs/realtime.md');
    expect(page.text).toContain('http://127.0.0.1:3000/realtime');
    const names = {
      io,
      conversationId,
      accessToken: () => patient.token,
      localStorage: {},
      signInAgain: (code: string) => told.push(code),
      readEverythingOverRest: () => told.push('read'),
      show: (message: { content?: string }) => shown.push(message.content ?? ''),
    };
    const text = program(page, 'js').replace('http://127.0.0.1:3000', t.url.replace(/\/api$/, ''));
    const { socket, ok, data } = (await run(text, names, '{ socket, ok, data }')) as {
      socket: Socket;
      ok: boolean;
      data: { content: string };
    };
    expect([ok, data.content]).toEqual([true, 'How are you today?']);
    const { body } = await doctor.post(`/conversations/${conversationId}/messages`, { content: 'Well, thank you' });
    const list = () => doctor.get(`/conversations/${conversationId}/messages`);
    await expect.poll(() => shown).toContain('Well, thank you');
    await expect
      .poll(async () => {
        const { messages } = (await list()).body as { messages: { _id: string; deliveredAt?: string }[] };
        return messages.find(({ _id }) => _id === body._id)?.deliveredAt;
      })
      .toBeDefined();
    expect(told).toEqual(['read']);
    socket.close();
  });

  it('of the restore guide park what waits to be pushed or mailed, and nothing else', async () => {
    const outbox = t.db.collection('outbox');
    const topics = ['notification.push', 'notification.mail', 'request.created'];
    const waiting = (topic: string) => ({
      topic,
      dedupeKey: topic,
      key: topic,
      seq: 1,
      doneAt: null,
      parkedAt: null,
      availableAt: new Date('2199-01-01'),
    });
    await outbox.insertMany(topics.map(waiting));
    const command = readPage('deploy/backup.md').blocks.find(({ text }) => text.startsWith('db.outbox'))?.text ?? '';
    await run(`await ${command}`, { db: { outbox } });
    const parked = await outbox.find({ parkedAt: { $ne: null } }).toArray();
    expect(parked.map(({ topic }) => String(topic)).sort()).toEqual(['notification.mail', 'notification.push']);
  });
});
