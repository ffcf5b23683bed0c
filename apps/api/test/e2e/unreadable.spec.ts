import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app';

const HOST = 'Host: test\r\n';

describe('bytes that are no request', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await startTestApp();
  });

  afterAll(async () => {
    await t.close();
  });

  /** Everything that the server says to these bytes until it ends the connection. */
  function answerTo(bytes: string): Promise<string> {
    return new Promise((resolve, reject) => {
      let text = '';
      const socket = connect(Number(new URL(t.url).port), '127.0.0.1', () => socket.write(bytes, 'latin1'));
      socket.on('data', (chunk) => (text += chunk.toString()));
      socket.on('error', reject);
      socket.on('close', () => {
        resolve(text);
      });
    });
  }

  it.each([
    ['a broken first line', 'GARBAGE\r\n\r\n', 400, 'VALIDATION_FAILED'],
    [
      'two lengths',
      `POST /api/auth/login HTTP/1.1\r\n${HOST}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`,
      400,
      'VALIDATION_FAILED',
    ],
    [
      'a control character in a header',
      `GET /api/version HTTP/1.1\r\n${HOST}X: a\u0000b\r\n\r\n`,
      400,
      'VALIDATION_FAILED',
    ],
    [
      'endless headers',
      `GET /api/version HTTP/1.1\r\n${HOST}X: ${'x'.repeat(20_000)}\r\n\r\n`,
      413,
      'PAYLOAD_TOO_LARGE',
    ],
  ])('are answered with the envelope: %s', async (_name, bytes, status, code) => {
    const text = await answerTo(bytes);
    const [head = '', body = ''] = text.split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head).toMatch(/^connection: close$/im);
    expect(head).toMatch(/^x-content-type-options: nosniff$/im);
    const envelope = JSON.parse(body) as { requestId: string };
    expect(envelope).toMatchObject({ statusCode: status, code });
    expect(head).toContain(`X-Request-Id: ${envelope.requestId}`);
  });

  it('are not what an unknown expectation makes of a request', async () => {
    const text = await answerTo(
      `GET /api/health/live HTTP/1.1\r\n${HOST}Expect: nonsense\r\nConnection: close\r\n\r\n`,
    );
    expect(text).toMatch(/^HTTP\/1.1 200 /);
  });
});
