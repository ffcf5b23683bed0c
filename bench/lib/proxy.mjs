/** A proxy that gives each request to the next server in turn; connections are kept alive on both sides. */
import { Agent, createServer, request } from 'node:http';

const [port, ...targets] = process.argv.slice(2).map(Number);
const agent = new Agent({ keepAlive: true, maxSockets: 128 });
let turn = 0;

const server = createServer((call, answer) => {
  const target = targets[(turn += 1) % targets.length];
  const { method, url: path, headers } = call;
  const passed = request({ host: '127.0.0.1', port: target, method, path, headers, agent }, (reply) => {
    answer.writeHead(reply.statusCode, reply.headers);
    reply.pipe(answer);
  });
  passed.on('error', (error) => answer.writeHead(502).end(error.message));
  call.pipe(passed);
});
server.listen(port, '127.0.0.1', () => {
  process.stdout.write(`proxy on http://127.0.0.1:${server.address().port}\n`);
});
