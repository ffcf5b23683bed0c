import { randomUUID } from 'node:crypto';
import { type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { AppError } from '../../common/errors';
import { errorEnvelope } from './error-envelope';
import { securityHeaders } from './security-headers';

const SECURITY = securityHeaders();

/** What the HTTP parser says of bytes that are no request. */
interface ParserError extends Error {
  readonly code?: string;
}

/**
 * Answers bytes that are no HTTP request (contract 00 section 4: the envelope, also here) and ends the connection,
 * because where the next request would begin is unknown. Headers that are too large count as a body that is.
 */
export function answerUnreadable(error: ParserError, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const requestId = randomUUID();
  const code = error.code === 'HPE_HEADER_OVERFLOW' ? 'PAYLOAD_TOO_LARGE' : 'VALIDATION_FAILED';
  const envelope = errorEnvelope(new AppError(code), 'en', requestId);
  const body = JSON.stringify(envelope);
  const headers = {
    ...SECURITY,
    'X-Request-Id': requestId,
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const status = `HTTP/1.1 ${envelope.statusCode} ${STATUS_CODES[envelope.statusCode] ?? ''}`;
  socket.end([status, ...lines, '', body].join('\r\n'));
}

/**
 * A request that expects something unknown of the server (`Expect: x`) is answered like any other; without this Node
 * itself answers 417, which no client of the contract knows.
 */
export function ignoreExpectations(server: Server): void {
  server.on('checkExpectation', (request, response) => {
    server.emit('request', request, response);
  });
}
