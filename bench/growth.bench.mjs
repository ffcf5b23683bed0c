/** Every list and read at 1, 10 and 100 times the data, of its owner and of other people; a word narrows it, --own or --others halves it. */
import { startDatabase } from './lib/server.mjs';
import { EXCLUDED, forgottenRoutes, measuredCalls } from './lib/growth/cases.mjs';
import { decades, GOAL, measureSizes } from './lib/growth/measuring.mjs';
import { ownersOf, populationsOf } from './lib/growth/stage.mjs';

const ROUNDS = Number(process.env.ROUNDS ?? 8);
// A ratio beyond the goal is measured again, longer, before it counts.
const ROUNDS_AGAIN = ROUNDS * 4;
const PATIENCE_AGAIN_MS = 15_000;

const args = process.argv.slice(3);
const filter = args.find((arg) => !arg.startsWith('--')) ?? '';
const AXES = [
  ['--own', "the owner's data x 1, 10, 100", ownersOf],
  ['--others', 'other people 100, 1,000, 10,000', populationsOf],
].filter(([flag], _, all) => args.includes(flag) || !all.some(([other]) => args.includes(other)));

const say = (line) => process.stdout.write(`${line}\n`);
const round = (value) => String(Math.round(value * 100) / 100);

const missed = [];
const database = await startDatabase({ durable: false });
try {
  for (const [, title, worldsOf] of AXES) {
    say(`\n${title}: ms of the medians, processor ms, ratio of each decade (goal ${GOAL}), drift of the first\n`);
    const { subjects, stop } = await worldsOf(database);
    try {
      for (const measured of measuredCalls(filter)) await one(title, subjects, measured);
    } finally {
      await stop();
    }
  }
} finally {
  await database.stop();
}
say('');
for (const [route, reason] of Object.entries(EXCLUDED)) say(`not measured: GET ${route}: ${reason}`);
for (const route of forgottenRoutes()) say(`WITHOUT A CASE: GET ${route}`);
say(`${missed.length} of ${measuredCalls(filter).length * AXES.length} beyond ${GOAL} per decade`);
for (const line of missed) say(`  ${line}`);
process.exit(0);

async function one(title, subjects, measured) {
  let found = await measureSizes(subjects, measured, ROUNDS);
  const worst = () => Math.max(...decades(found.sizes).map(({ ratio }) => ratio));
  if (worst() > GOAL) found = await measureSizes(subjects, measured, ROUNDS_AGAIN, PATIENCE_AGAIN_MS);
  const ratios = decades(found.sizes);
  const cells = [
    found.sizes.map(({ ms }) => round(ms)).join(' / '),
    found.sizes.map(({ cpu }) => round(cpu)).join(' / '),
    ratios.map(({ ratio }) => round(ratio)).join(' / '),
    round(found.again.ms / found.sizes[0].ms),
  ];
  const grows = ratios.some(({ answer }) => answer > 1.1)
    ? `  the answer grows x ${ratios.map(({ answer }) => round(answer)).join(', ')}`
    : '';
  const line = `${measured.name.padEnd(64)} ${cells.map((cell) => cell.padEnd(22)).join(' ')}${grows}`;
  say(`${worst() > GOAL ? 'MISSED ' : '       '}${line}`);
  if (worst() > GOAL) missed.push(`${measured.name} (${title}): ${cells[2]}`);
}
