import { Failure } from './failure.mjs';

const USAGE = `Options of "npm run quickstart -- ...":
  --port N     listen on port N (0 picks a free one)
  --data DIR   keep the database, secrets and mails in DIR (default ./.data)
  --no-demo    do not load the demo data
  --reset      delete what is in the data folder first; asks before it does
  --yes        answer that question with yes (needed where there is no terminal)`;

/** Reads the options of quickstart; anything else is refused with exit code 2 rather than ignored. */
export function parseQuickstart(args) {
  const options = { demo: true, reset: false, yes: false };
  const rest = [...args];
  while (rest.length > 0) {
    const [name, inline] = splitOnce(rest.shift());
    if (name === '--port') options.port = readPort(inline ?? rest.shift());
    else if (name === '--data') options.dataDir = readFolder(inline ?? rest.shift());
    else if (inline !== undefined) throw unknown(`${name}=${inline}`);
    else if (name === '--no-demo') options.demo = false;
    else if (name === '--reset') options.reset = true;
    else if (name === '--yes') options.yes = true;
    else throw unknown(name);
  }
  return options;
}

/** `--port=80` means the same as `--port 80`. */
function splitOnce(argument) {
  const at = argument.indexOf('=');
  return at === -1 ? [argument, undefined] : [argument.slice(0, at), argument.slice(at + 1)];
}

function readPort(text) {
  if (text === undefined || !/^\d{1,5}$/.test(text) || Number(text) > 65535) {
    throw wrong(`--port needs a number from 0 to 65535${text === undefined ? '' : `, not "${text}"`}.`);
  }
  return Number(text);
}

function readFolder(text) {
  if (text === undefined || text === '' || text.startsWith('--')) throw wrong('--data needs a folder.');
  return text;
}

function unknown(name) {
  return wrong(`Unknown option "${name}".`);
}

function wrong(message) {
  return new Failure(`${message}\n${USAGE}`, { exitCode: 2 });
}
