import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clientSchemaUnchanged } from './client-schema.mjs';
import { Failure } from './failure.mjs';
import { inRoot } from './paths.mjs';
import { capture, mustRun } from './run.mjs';

/** Runs the command-line program of an installed package with this very Node. */
function tool(path, args, failure, env = {}) {
  return mustRun(process.execPath, [inRoot('node_modules', path), ...args], { failure, env });
}

/** Checks that only read files; each is independent of the others. The slow ones come first. */
export const STATIC_CHECKS = [
  ['lint', () => tool('eslint/bin/eslint.js', ['.', '--max-warnings', '0'], 'Lint rules are broken.')],
  ['types', () => tool('typescript/bin/tsc', ['--noEmit', '-p', 'tsconfig.json'], 'The types do not fit.')],
  [
    'format',
    () => tool('prettier/bin/prettier.cjs', ['--check', '.'], 'Run "npx prettier --write ." to format these.'),
  ],
  ['import rules', importRules],
  ['unused code', () => tool('knip/bin/knip.js', ['--no-progress'], 'Remove what nothing uses.')],
  [
    'import graph in docs/architecture.md',
    () =>
      mustRun(process.execPath, [inRoot('scripts', 'graph.mjs'), '--check'], {
        failure: 'The drawn graph is out of date.',
      }),
  ],
];

function importRules() {
  const args = ['--config', '.dependency-cruiser.cjs', 'apps', 'packages'];
  return tool(
    'dependency-cruiser/bin/dependency-cruise.mjs',
    args,
    'The import rules of docs/architecture.md are broken.',
  );
}

/** Runs all tests; resolves with the totals and what vitest printed, whether they passed or not. */
export async function runTests() {
  return withTemporaryFolder(async (folder) => {
    const report = join(folder, 'report.json');
    const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const vitest = inRoot('node_modules', 'vitest', 'vitest.mjs');
    // colours only where they can be seen, not in the log of a CI server
    const env = process.stdout.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1', FORCE_COLOR: undefined };
    const run = async () => {
      const { code, output } = await capture(process.execPath, [vitest, ...args], { env });
      return { code, output, ...readReport(report) };
    };
    let result = await run();
    // vitest was seen to end at once with code 0 and nothing run: that is no success, and worth a second try
    if (result.code === 0 && result.passed === 0) result = await run();
    const { code, output, passed, failed } = result;
    // a file that cannot be loaded, or an error after the last test, fails the run without a failed test
    const broken = (code !== 0 || passed === 0) && failed === 0;
    return { passed, failed: broken ? 1 : failed, output };
  });
}

function readReport(file) {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(file, 'utf8'));
    return { passed: numPassedTests, failed: numFailedTests };
  } catch {
    return { passed: 0, failed: 0 }; // vitest ended before it could write one; its exit code says so
  }
}

/** The committed API description must be, byte for byte, what the build describes; the client's types follow from it. */
export async function openapiUnchanged() {
  await withTemporaryFolder(async (folder) => {
    const fresh = join(folder, 'openapi.json');
    await mustRun(process.execPath, [inRoot('apps', 'api', 'dist', 'cli', 'openapi.js'), '--out', fresh], {
      failure: 'The API description could not be made from the build.',
    });
    if (readFileSync(fresh, 'utf8') !== readFileSync(inRoot('openapi.json'), 'utf8')) {
      throw new Failure(
        'openapi.json differs from the build: run "npm run openapi", look at the difference, commit it.',
      );
    }
  });
  await clientSchemaUnchanged();
}

/** Valid against the OpenAPI standard and the house rules of redocly.yaml; the tool stays off the network. */
export function openapiValid() {
  return tool('@redocly/cli/bin/cli.js', ['lint', 'openapi.json'], 'openapi.json is not valid.', {
    REDOCLY_TELEMETRY: 'off',
    REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
  });
}

async function withTemporaryFolder(body) {
  const folder = mkdtempSync(join(tmpdir(), 'diabcare-verify-'));
  try {
    return await body(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
