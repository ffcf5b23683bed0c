import { readFileSync, writeFileSync } from 'node:fs';
import { Failure } from './failure.mjs';
import { inRoot } from './paths.mjs';

const TARGET = inRoot('packages', 'client', 'src', 'schema.generated.ts');
const HEADER = '/** Generated from openapi.json by "npm run openapi". Do not edit. */\n';

/** The types of the client, and what it must know at run time: which calls carry a key, which carry no token. */
async function render(description) {
  const { default: openapiTS, astToString } = await import('openapi-typescript');
  // a default is what the server fills in: the caller may leave it out
  const types = astToString(await openapiTS(structuredClone(description), { defaultNonNullable: false }));
  const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation]),
  );
  const keyed = operations.filter(([, { parameters = [] }]) => parameters.some(isIdempotencyKey));
  const open = operations.filter(([, { security }]) => security?.length === 0);
  return [
    HEADER + types,
    set('KEYED_OPERATIONS', 'Operations that accept an Idempotency-Key: repeats with one key act once.', keyed),
    set('PUBLIC_OPERATIONS', 'Operations without sign-in.', open),
  ].join('\n');
}

function isIdempotencyKey({ name, in: place }) {
  return place === 'header' && name === 'Idempotency-Key';
}

function set(name, comment, operations) {
  const lines = operations.map(([operation]) => `    ${JSON.stringify(operation)},\n`).sort();
  return `/** ${comment} */\nexport const ${name}: ReadonlySet<string> = new Set([\n${lines.join('')}]);\n`;
}

/** Writes the typed schema of the client from a file with the API description. */
export async function writeClientSchema(descriptionFile = inRoot('openapi.json')) {
  writeFileSync(TARGET, await render(JSON.parse(readFileSync(descriptionFile, 'utf8'))));
}

/** @throws Failure when the committed schema is not what the committed description gives */
export async function clientSchemaUnchanged() {
  const fresh = await render(JSON.parse(readFileSync(inRoot('openapi.json'), 'utf8')));
  if (fresh === readFileSync(TARGET, 'utf8')) return;
  throw new Failure(
    'The types of packages/client differ from openapi.json: run "npm run openapi", look at the difference, commit it.',
  );
}
