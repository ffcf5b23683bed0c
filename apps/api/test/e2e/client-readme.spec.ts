import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as clientPackage from '@diabcare/client';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app';

const ROOT = join(__dirname, '../../../..');
const IMPORT = /^import \{ (.+) \} from '@diabcare\/client';$/gm;
const SERVER = 'https://diabcare.example';

/** All examples of the page, one after the other, as a reader would paste them into one file. */
function examples(): string {
  const page = readFileSync(join(ROOT, 'packages/client/README.md'), 'utf8');
  return [...page.matchAll(/^```ts\n(.*?)^```$/gms)].map((match) => match[1] ?? '').join('\n');
}

/** What the compiler has against a module of this text in the package's folder, with what browsers know. */
function complaints(text: string): string[] {
  const file = join(ROOT, 'packages/client/examples.ts');
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ES2022,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
  };
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  host.readFile = (name) => (name === file ? text : readFile(name));
  host.fileExists = (name) => name === file || fileExists(name);
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2022) : getSourceFile(name, ...rest);
  const program = ts.createProgram([file], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

describe('the examples of the client', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await startTestApp();
  });

  afterAll(async () => {
    await t.close();
  });

  it('fit the types', { timeout: 90_000 }, () => {
    expect(complaints(examples())).toEqual([]);
    expect(complaints(examples().replace('limit: 5', "limit: 'five'"))).toHaveLength(1);
  });

  it('run against a server and print what they promise', async () => {
    const patient = await t.actors.asPatient({
      prenom: 'Youssef',
      email: 'youssef@mail.example',
      motDePasse: 'a long password',
    });
    const doctor = await t.actors.asDoctor({ nom: 'Moreau' });
    await t.actors.link(patient, doctor);
    const printed: unknown[][] = [];
    const print = { log: (...words: unknown[]) => printed.push(words) };
    const body = examples()
      .replaceAll(IMPORT, '')
      .replaceAll(SERVER, t.url.replace(/\/api$/, ''));
    const names = [...examples().matchAll(IMPORT)].map((match) => match[1]).join(', ');
    const program = ts.transpileModule(`async function run({ ${names} }, console) {\n${body}\n}`, {
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022 },
    }).outputText;
    // The text is our own page.
    // eslint-disable-next-line @typescript-eslint/no-implied-eval
    const run = new Function(`${program}\nreturn run;`)() as (client: unknown, console: unknown) => Promise<void>;
    await run(clientPackage, print);
    const words = printed.map(([first]) => first);
    // The event of the appointment may still be on its way when the connection opens: then it comes live as well.
    const live = words.lastIndexOf('Pending');
    if (live !== words.indexOf('Pending')) words.splice(live, 1);
    expect(words).toEqual([
      'Youssef',
      '+33 6 12 34 56 78',
      304,
      400,
      'Pending',
      'How are you today?',
      'Please sign in',
      'No more events',
    ]);
  });
});
