/**
 * `node scripts/licences.mjs [--check]`: writes docs/licences.md from the lockfile, and refuses a licence that the
 * product could not be given away with. With --check it only compares, so that the page cannot go stale.
 */
import './lib/node-version.mjs';
import { readFileSync, writeFileSync } from 'node:fs';
import { Failure, script } from './lib/failure.mjs';
import { isAllowed, lockedPackages } from './lib/packages.mjs';
import { inRoot } from './lib/paths.mjs';

const PAGE = inRoot('docs', 'licences.md');

const INTRODUCTION = `# Licences of what DiabCare is made with

Written by \`node scripts/licences.mjs\` from the lockfile; a test fails when it is out of date or when a package comes under
a licence that is not on the list in \`scripts/lib/packages.mjs\`. DiabCare itself is Apache-2.0. The bill of materials for
machines (CycloneDX) is printed by \`node scripts/sbom.mjs\`.
`;

/** Packages under headings of their licences. */
function byLicence(packages) {
  const groups = new Map();
  for (const each of packages) groups.set(each.licence, [...(groups.get(each.licence) ?? []), each]);
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}

function page(packages) {
  const parts = byLicence(packages.filter(({ tool }) => !tool)).map(
    ([licence, list]) =>
      `### ${licence}\n\n${list.map(({ name, version }) => `- \`${name}\` ${version}`).join('\n')}\n`,
  );
  const tools = byLicence(packages.filter(({ tool }) => tool)).map(([licence, list]) => `- ${licence}: ${list.length}`);
  return [
    INTRODUCTION,
    '## Part of the running server and of what lies beside it\n',
    ...parts,
    '## Tools for development, by number\n',
    `${tools.join('\n')}\n`,
  ].join('\n');
}

await script(async () => {
  const packages = lockedPackages();
  const refused = packages.filter((each) => !isAllowed(each));
  if (refused.length > 0) {
    const names = refused.map(({ name, version, licence }) => `${name} ${version}: ${licence ?? 'none named'}`);
    throw new Failure(`These licences are not allowed (scripts/lib/packages.mjs):\n${names.join('\n')}`);
  }
  const fresh = page(packages);
  if (!process.argv.includes('--check')) writeFileSync(PAGE, fresh);
  else if (readFileSync(PAGE, 'utf8') !== fresh)
    throw new Failure('docs/licences.md is out of date: run "node scripts/licences.mjs" and commit it.');
});
