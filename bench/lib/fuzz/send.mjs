/** Sends over real connections, also what no HTTP library agrees to send. */
import { Agent, request as httpRequest } from 'node:http';
import { connect } from 'node:net';

const PATIENCE_MS = 30_000;

/** A sender with connections of its own. */
export function sender(api, connections) {
  const { hostname, port } = new URL(api);
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  return {
    /** One request; answers `{ status, headers, text, ms }`, or `{ failed }` when there was no answer. */
    send: async (request) => {
      const answer = await send({ hostname, port, agent }, request);
      // the server may end a kept connection while the next request is on its way: clients ask again
      return answer.failed === 'ECONNRESET' && answer.reused ? send({ hostname, port, agent }, request) : answer;
    },
    /** Bytes as they are; answers what came back until the connection ended or nothing came for a while. */
    sendBytes: (bytes) => sendBytes({ hostname, port }, bytes),
    close: () => agent.destroy(),
  };
}

function send(target, { method, path, headers, body }) {
  return new Promise((resolve) => {
    const startedAt = performance.now();
    const failed = (error) =>
      resolve({
        failed: String(error.code ?? error.message),
        reused: request?.reusedSocket === true,
        ms: performance.now() - startedAt,
      });
    let request;
    try {
      const length =
        body === undefined || headers['transfer-encoding'] ? {} : { 'content-length': Buffer.byteLength(body) };
      request = httpRequest({
        host: target.hostname,
        port: target.port,
        agent: target.agent,
        method,
        path,
        headers: { ...length, ...headers },
      });
    } catch (error) {
      failed(error);
      return;
    }
    request.on('response', (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', failed);
      response.on('end', () =>
        resolve({
          status: response.statusCode,
          headers: response.headers,
          text: Buffer.concat(chunks).toString(),
          ms: performance.now() - startedAt,
        }),
      );
    });
    request.setTimeout(PATIENCE_MS, () => request.destroy(new Error('no answer')));
    request.on('error', failed);
    request.end(body);
  });
}

function sendBytes({ hostname, port }, bytes) {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    const done = () => {
      socket.destroy();
      resolve(text);
    };
    socket.setTimeout(500, done);
    socket.on('data', (chunk) => (text += chunk.toString('latin1')));
    socket.on('error', done);
    socket.on('close', done);
  });
}

const HOST = 'Host: x\r\n';
/** What no library sends: broken lines, lengths that lie, two lengths, endless headers, nothing at all. */
export const RAW = [
  'GARBAGE\r\n\r\n',
  'GET\r\n\r\n',
  `GET /api/medecins HTTP/9.9\r\n${HOST}\r\n`,
  'GET /api/health/live HTTP/1.1\r\n\r\n',
  `GET /api/me dec ins HTTP/1.1\r\n${HOST}\r\n`,
  `GET http://evil.example/api/health/live HTTP/1.1\r\n${HOST}\r\n`,
  `GET \u00ff\u00fe HTTP/1.1\r\n${HOST}\r\n`,
  `GET /api/${'x'.repeat(30_000)} HTTP/1.1\r\n${HOST}\r\n`,
  `GET /api/health/live HTTP/1.1\r\n${HOST}X: a\u0000b\r\n\r\n`,
  `GET /api/health/live HTTP/1.1\r\n${HOST}Bad Header: x\r\n\r\n`,
  `GET /api/health/live HTTP/1.1\r\n${HOST}${'A: b\r\n'.repeat(3_000)}\r\n`,
  `OPTIONS * HTTP/1.1\r\n${HOST}\r\n`,
  `CONNECT x:1 HTTP/1.1\r\n${HOST}\r\n`,
  `TRACE /api/health/live HTTP/1.1\r\n${HOST}\r\n`,
  `PROPFIND /api/medecins HTTP/1.1\r\n${HOST}\r\n`,
  `NONSENSE /api/medecins HTTP/1.1\r\n${HOST}\r\n`,
  `POST /api/auth/login HTTP/1.1\r\n${HOST}Content-Length: -1\r\n\r\n`,
  `POST /api/auth/login HTTP/1.1\r\n${HOST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  `POST /api/auth/login HTTP/1.1\r\n${HOST}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`,
  `POST /api/auth/login HTTP/1.1\r\n${HOST}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`,
  `POST /api/auth/login HTTP/1.1\r\n${HOST}Content-Type: application/json\r\nContent-Length: 999\r\n\r\n{"a"`,
  `GET /api/health/live HTTP/1.1\r\n${HOST}Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n`,
  `GET /socket.io/?EIO=4&transport=polling&sid=nobody HTTP/1.1\r\n${HOST}\r\n`,
  `GET /socket.io/?EIO=99&transport=smoke HTTP/1.1\r\n${HOST}\r\n`,
  `POST /socket.io/?EIO=4&transport=polling HTTP/1.1\r\n${HOST}Content-Length: 4\r\n\r\n\u0000\u00ff]]`,
  '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
].map((text) => Buffer.from(text, 'latin1'));
