/**
 * Refuses a Node that is too old. Every script imports this file first, so that a newcomer reads one sentence instead
 * of the stack trace of whatever breaks first. It uses no syntax that an old Node could not parse.
 */
const OLDEST = [20, 19];

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
  process.stderr.write(
    `DiabCare needs Node.js ${OLDEST.join('.')} or newer, and this is ${process.versions.node}: install a newer one from https://nodejs.org and run the command again.\n`,
  );
  process.exit(1);
}
