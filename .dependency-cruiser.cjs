/**
 * The import rules of docs/architecture.md: common <- platform <- access <- modules, modules meet only at their
 * index.ts, and each outside library has one home.
 */
const SRC = '^apps/api/src';
const SPEC = '\\.spec\\.ts$';
/** Files that may hold the database library outside platform/database. */
const DATA_FILES = '\\.(schema|repository)\\.ts$';

/** Forbids `from` to import `to`; a type import counts like any other. */
const forbid = (name, comment, from, to) => ({ name, severity: 'error', comment, from, to });

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    forbid('no-cycles', 'A cycle means two files are one; move what they share.', {}, { circular: true }),
    forbid('no-unresolvable', 'The import leads nowhere.', {}, { couldNotResolve: true }),
    forbid(
      'common-imports-nothing-above',
      'common/ holds pure helpers: it knows no settings, no platform, no feature.',
      { path: `${SRC}/common/` },
      { path: `${SRC}/`, pathNot: `${SRC}/common/` },
    ),
    forbid(
      'config-imports-only-common',
      'Settings are read before anything else exists.',
      { path: `${SRC}/config/` },
      { path: `${SRC}/`, pathNot: `${SRC}/(common|config)/` },
    ),
    forbid(
      'platform-below-access-and-modules',
      'platform/ adapts the outside world and knows no rule of the house.',
      { path: `${SRC}/platform/` },
      { path: `${SRC}/`, pathNot: `${SRC}/(common|config|platform)/` },
    ),
    forbid(
      'access-below-modules',
      'access/ decides who may do what; features ask it, never the other way round.',
      { path: `${SRC}/access/` },
      { path: `${SRC}/`, pathNot: `${SRC}/(common|config|platform|access)/` },
    ),
    forbid(
      'modules-import-downwards',
      'A feature does not reach up into the application, its migrations or its commands.',
      { path: `${SRC}/modules/` },
      { path: `${SRC}/`, pathNot: `${SRC}/(common|config|platform|access|modules)/` },
    ),
    forbid(
      'modules-meet-at-the-index',
      'Another feature is imported through its index.ts only.',
      { path: `${SRC}/modules/([^/]+)/` },
      { path: `${SRC}/modules/([^/]+)/.+`, pathNot: [`${SRC}/modules/$1/`, `${SRC}/modules/[^/]+/index\\.ts$`] },
    ),
    forbid(
      'mongoose-in-data-files',
      'mongoose stays in *.schema.ts, *.repository.ts and platform/database.',
      { path: `${SRC}/`, pathNot: [DATA_FILES, `${SRC}/platform/database/`, SPEC] },
      { path: 'node_modules/mongoose/' },
    ),
    forbid(
      'driver-in-platform-and-data-files',
      'The bare MongoDB driver is for platform/ and data files.',
      { path: `${SRC}/`, pathNot: [DATA_FILES, `${SRC}/platform/`, SPEC] },
      { path: 'node_modules/(mongodb|bson)/' },
    ),
    forbid(
      'transport-in-platform',
      'fastify and socket.io stay in platform/ and the files that assemble and start the application: features do not know how a request arrives.',
      {
        path: `${SRC}/`,
        pathNot: [`${SRC}/platform/`, `${SRC}/((create|start)-app|boot)\\.ts$`, `${SRC}/(cli|demo)/`, SPEC],
      },
      { path: 'node_modules/(fastify|@fastify/[^/]+|@nestjs/platform-fastify|socket\\.io|@socket\\.io/[^/]+)/' },
    ),
    forbid(
      'nothing-imports-the-commands',
      'cli/ is a set of entry points; what others need belongs below.',
      { path: `${SRC}/`, pathNot: `${SRC}/cli/` },
      { path: `${SRC}/cli/` },
    ),
    forbid(
      'nothing-imports-tests',
      'Test support and specs are not part of the product.',
      { path: '^(apps|packages)/[^/]+/src/', pathNot: SPEC },
      { path: ['^(apps|packages)/[^/]+/test/', SPEC] },
    ),
    forbid(
      'packages-stand-alone',
      'A package could be published on its own: it never imports an application.',
      { path: '^packages/' },
      { path: '^apps/' },
    ),
    forbid(
      'client-runs-in-browsers',
      'The client imports nothing of Node: its users may have a browser only.',
      { path: '^packages/client/src/', pathNot: SPEC },
      { dependencyTypes: ['core'] },
    ),
    forbid(
      'glycemia-imports-nothing',
      'The clinical formulas have no dependencies at all.',
      { path: '^packages/glycemia/src/', pathNot: SPEC },
      { pathNot: '^packages/glycemia/src/' },
    ),
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/dist/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['require', 'node', 'types', 'default'] },
  },
};
