import { resolve } from 'node:path';
import swc from 'unplugin-swc';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Tests speak of UTC unless they name a zone themselves; the workers inherit this. */
process.env.TZ = 'UTC';

/** Nest reads decorators and constructor types at run time, which the default transformer does not emit. */
const nestTypeScript = swc.vite({
  swcrc: false,
  tsconfigFile: false,
  module: { type: 'es6' },
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    keepClassNames: true,
  },
});

/** On a fresh clone nobody has measured the files: the two that take minutes begin first, not alone at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean =>
      /\/(?:process\/fuzz|e2e\/demo)\.spec\.ts$/.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

/** The library is tested, and used by the application under test, from its sources. */
const glycemia = resolve('packages/glycemia/src/index.ts');

export default defineConfig({
  plugins: [nestTypeScript],
  resolve: { alias: { '@diabcare/glycemia': glycemia } },
  test: {
    pool: 'forks',
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    // The application is loaded once for each worker and not for each file, which took half of the whole time; no test
    // replaces a module or leaves something global behind.
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    restoreMocks: true,
    passWithNoTests: false,
    projects: [
      {
        // pure functions and slices: no server, no database
        extends: true,
        test: { name: 'unit', include: ['apps/api/src/**/*.spec.ts', 'packages/*/src/**/*.spec.ts'] },
      },
      {
        // the whole application over HTTP and sockets, and the contract walk
        extends: true,
        test: {
          name: 'app',
          include: ['apps/api/test/**/*.spec.ts'],
          globalSetup: ['apps/api/test/support/global-setup.ts'],
        },
      },
    ],
  },
});
