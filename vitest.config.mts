import { resolve } from 'node:path';
import swc from 'unplugin-swc';
import { defineConfig } from 'vitest/config';

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

/** The library is tested, and used by the application under test, from its sources. */
const glycemia = resolve('packages/glycemia/src/index.ts');

export default defineConfig({
  plugins: [nestTypeScript],
  resolve: { alias: { '@diabcare/glycemia': glycemia } },
  test: {
    pool: 'forks',
    maxWorkers: 2,
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
