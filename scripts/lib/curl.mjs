import { spawnSync } from 'node:child_process';
import { Failure } from './failure.mjs';

const TIMEOUT_SECONDS = 15;

/** Runs a printed curl line through the shell, as a reader would, and resolves with the HTTP status. */
export async function statusOfCurl(line) {
  const hasCurl = spawnSync('curl', ['--version'], { stdio: 'ignore' }).status === 0;
  if (!hasCurl) return statusOfFetch(line);
  const marked = `${line} --max-time ${TIMEOUT_SECONDS} --silent --show-error --write-out '\\n%{http_code}'`;
  const { stdout, stderr } = spawnSync('sh', ['-c', marked], { encoding: 'utf8' });
  const status = Number(stdout.slice(stdout.lastIndexOf('\n') + 1));
  if (status === 0)
    throw new Failure(`Smoke test: the printed curl line failed.`, { output: `${line}\n${stdout}${stderr}` });
  return status;
}

/** The same request where curl is not installed (slim images): understands -X, -H, -d and ignores other flags. */
async function statusOfFetch(line) {
  const words = [...line.matchAll(/'([^']*)'|"((?:\\.|[^"])*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double?.replace(/\\(.)/g, '$1') ?? bare,
  );
  const request = { method: undefined, headers: {}, body: undefined, url: undefined };
  for (let at = 1; at < words.length; at += 1) {
    const word = words[at];
    if (word === '-X' || word === '--request') request.method = words[(at += 1)];
    else if (word === '-H' || word === '--header') addHeader(request.headers, words[(at += 1)]);
    else if (/^(-d|--data|--data-raw|--json)$/.test(word)) request.body = words[(at += 1)];
    else if (!word.startsWith('-')) request.url = word;
  }
  const { headers, body } = request;
  const method = request.method ?? (body === undefined ? 'GET' : 'POST');
  const response = await fetch(request.url, {
    method,
    headers,
    body,
    signal: AbortSignal.timeout(TIMEOUT_SECONDS * 1000),
  });
  return response.status;
}

function addHeader(headers, text) {
  const colon = text.indexOf(':');
  headers[text.slice(0, colon).trim()] = text.slice(colon + 1).trim();
}
