/** Says what is wrong with an answer. */
import { createRequire } from 'node:module';
import addFormats from 'ajv-formats';

const require = createRequire(import.meta.url);
const { Ajv2020 } = require('ajv/dist/2020.js');

const SLOW_MS = 2_000;
/** Keys that no answer may hold (contract 00 section 3). */
const HIDDEN = new Set(['__v', 'motDePasse', 'deletedAt', 'searchText', 'tokenHash', 'passwordHash', 'googleSubject']);
const REQUEST_ID = /^[A-Za-z0-9-]{8,64}$/;

/** A judge for one description; `secrets` are texts that none of the callers may see. */
export function judge(description, secrets) {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addSchema({ $id: 'http://fuzz/description', components: description.components });
  const validators = new Map();
  const fits = (schema, body) => {
    const key = JSON.stringify(schema);
    let validate = validators.get(key);
    if (validate === undefined) {
      validate = ajv.compile(JSON.parse(key.replaceAll('"#/components', '"http://fuzz/description#/components')));
      validators.set(key, validate);
    }
    return validate(body) ? null : ajv.errorsText(validate.errors).slice(0, 400);
  };
  return (request, answer) => {
    if (answer.failed !== undefined) return tolerated(request) ? null : `no answer: ${answer.failed}`;
    if (answer.status >= 500) return `status ${answer.status}`;
    if (!REQUEST_ID.test(String(answer.headers['x-request-id']))) return `status ${answer.status} without a request id`;
    for (const secret of secrets()) if (answer.text.includes(secret)) return 'shows what is somebody else’s';
    return described(description, request, answer, fits);
  };
}

/** The server may close a connection on which it cannot read a request, or whose body it will not read. */
function tolerated({ headers, body }) {
  return headers['transfer-encoding'] !== undefined || (body !== undefined && Buffer.byteLength(body) > 1_048_576);
}

/** Slower than anything may be. */
export function slow(answer) {
  return answer.ms > SLOW_MS;
}

function described(description, request, answer, fits) {
  const body = parsed(answer);
  if (body === INVALID) return `status ${answer.status} with a body that is no JSON`;
  const hidden = hiddenKey(body, 0);
  if (hidden !== null) return `status ${answer.status} shows ${hidden}`;
  // a path that was tampered with may lead elsewhere, and headers may be too large to read on, on any route
  if (!request.intact || (answer.status === 413 && request.body === undefined))
    return answer.status < 400 ? null : fits({ $ref: '#/components/schemas/ErrorResponse' }, body);
  if (answer.status === 304) return answer.text === '' ? null : '304 with a body';
  return asDescribed(description.paths[request.template][request.method.toLowerCase()], answer, body, fits);
}

function asDescribed(operation, { status, headers }, body, fits) {
  const response = operation.responses[String(status)];
  if (response === undefined) return `status ${status} (${body?.code}), which the description does not know`;
  const type = String(headers['content-type'] ?? '').split(';')[0];
  const content = response.content?.[type];
  if (response.content !== undefined && content === undefined) return `status ${status} with ${type}`;
  if (content?.schema === undefined || !type.endsWith('json')) return null;
  const misfit = fits(content.schema, body);
  return misfit === null ? null : `status ${status} differs from its description: ${misfit}`;
}

const INVALID = Symbol('invalid');

function parsed({ headers, text }) {
  if (!String(headers['content-type'] ?? '').includes('json')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return INVALID;
  }
}

function hiddenKey(value, depth) {
  if (typeof value !== 'object' || value === null || depth > 8) return null;
  if (Array.isArray(value)) {
    for (const element of value.slice(0, 50)) {
      const found = hiddenKey(element, depth + 1);
      if (found !== null) return found;
    }
    return null;
  }
  for (const [key, child] of Object.entries(value)) {
    if (HIDDEN.has(key)) return key;
    const found = hiddenKey(child, depth + 1);
    if (found !== null) return found;
  }
  return null;
}

/** The answers to raw bytes: each that came has to be a proper one, and none a defect. */
export function judgeBytes(text) {
  const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((match) => Number(match[1]));
  // 501 and 505 are what HTTP wants for a method or version that nobody knows
  const bad = statuses.find((status) => status >= 500 && status !== 501 && status !== 505);
  return bad === undefined ? null : `status ${bad}`;
}
