/**
 * `npm run verify`: everything a change must pass, from a fresh clone. Stops at the first failing step with its
 * output; the last line after the tests is `N passed, N failed`, for people and for scripts.
 */
import './lib/node-version.mjs';
import { build, ensureBuilt } from './lib/build.mjs';
import { openapiUnchanged, openapiValid, runTests, STATIC_CHECKS } from './lib/checks.mjs';
import { Failure, script } from './lib/failure.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { step } from './lib/progress.mjs';
import { stopRunning } from './lib/run.mjs';
import { smokeTest } from './lib/smoke.mjs';

/** Runs the steps two at a time, as many as a small machine has cores; the first failure ends the others. */
async function inPairs(steps) {
  const queue = [...steps];
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await step(...next);
  };
  try {
    await Promise.all([worker(), worker()]);
  } catch (error) {
    stopRunning();
    throw error;
  }
}

/** Ends with the line that is promised for success and for failed tests alike. */
function totals(passed, failed) {
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  process.exit(failed === 0 ? 0 : 1);
}

/** The tests as a step: failed ones show vitest's own report above the totals. */
async function tests() {
  let result;
  try {
    await step('tests', async () => {
      result = await runTests();
      if (result.failed > 0) throw new Failure('Tests failed.');
    });
  } catch (error) {
    if (result === undefined) throw error;
    process.stdout.write(`\n${result.output.trimEnd()}\n\n`);
    totals(result.passed, result.failed);
  }
  return result.passed;
}

/** The smoke test is a test too: its failure is counted and shown like one. */
async function smoke(passed) {
  let checks;
  try {
    await step('quickstart smoke test', async () => {
      checks = await smokeTest();
    });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    process.stdout.write(`\n${error.output.trimEnd()}\n\n${error.message}\n`);
    totals(passed, 1);
  }
  return checks;
}

await script(async () => {
  await ensureInstalled();
  // the packages are imported by their built name, also by the type check and the import rules
  await ensureBuilt(['packages']);
  await inPairs(STATIC_CHECKS);
  await step('build', () => build());
  const passed = await tests();
  await step('API description unchanged', openapiUnchanged);
  await step('API description valid', openapiValid);
  totals(passed + (await smoke(passed)), 0);
});
