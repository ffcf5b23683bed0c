/**
 * `node scripts/sbom.mjs [FILE]`: the bill of materials of the running server (CycloneDX 1.5, JSON) from the lockfile.
 * `npm sbom` is not asked: it refuses a tree in which an optional peer (here @fastify/static 9, which runs on Node 20)
 * is older than its asker wishes.
 */
import './lib/node-version.mjs';
import { readFileSync, writeFileSync } from 'node:fs';
import { script } from './lib/failure.mjs';
import { lockedPackages } from './lib/packages.mjs';
import { inRoot } from './lib/paths.mjs';

/** The standard's own address of a package: the @ of a scope is written as %40. */
const addressOf = (name, version) => `pkg:npm/${name.replace('@', '%40')}@${version}`;

function hashesOf(integrity) {
  return (integrity ?? '').split(' ').flatMap((one) => {
    const [algorithm, value] = one.split(/-(.*)/s);
    if (algorithm !== 'sha512' || value === undefined) return [];
    return [{ alg: 'SHA-512', content: Buffer.from(value, 'base64').toString('hex') }];
  });
}

function componentOf({ name, version, licence, integrity }) {
  const address = addressOf(name, version);
  const [scope, bare] = name.startsWith('@') ? name.split('/') : [undefined, name];
  return {
    type: 'library',
    'bom-ref': address,
    ...(scope === undefined ? {} : { group: scope }),
    name: bare,
    version,
    purl: address,
    licenses: [/ (?:OR|AND) /.test(licence) ? { expression: licence } : { license: { id: licence } }],
    hashes: hashesOf(integrity),
  };
}

await script(async () => {
  const { name, version, license } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'));
  const own = { type: 'application', 'bom-ref': addressOf(name, version), name, version };
  const bill = {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: { component: { ...own, licenses: [{ license: { id: license } }] } },
    components: lockedPackages()
      .filter(({ tool }) => !tool)
      .map(componentOf),
  };
  const text = `${JSON.stringify(bill, null, 2)}\n`;
  const [file] = process.argv.slice(2);
  if (file === undefined) process.stdout.write(text);
  else writeFileSync(file, text);
});
