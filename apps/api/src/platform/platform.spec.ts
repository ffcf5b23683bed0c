import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError, ERROR_CATALOGUE } from '../common/errors';
import { isDuplicateKey, readNewestWindowed } from './database';
import { KeyedMutex } from './database/keyed-mutex';
import { ClientAddress } from './http/client-address';
import { errorEnvelope, toAppError } from './http/error-envelope';
import { parseJsonBody } from './http/json-body';
import { versionOfETag } from './http/request-hooks';
import { describeError } from './logging/describe-error';

const DAY = 86_400_000;

describe('windowed reads', () => {
  it('find what a plain sort with limit finds, reading no window twice', async () => {
    const now = new Date('2026-01-01T00:00:00Z');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 900 * DAY })),
        fc.integer({ min: 1, max: 20 }),
        async (ages, limit) => {
          const all = ages.map((age) => new Date(now.getTime() - age)).sort((a, b) => b.getTime() - a.getTime());
          const windows: string[] = [];
          const found = await readNewestWindowed({
            before: now,
            limit,
            spansDays: [1, 7, 30, 365],
            read: ({ from, to }, count) => {
              windows.push(`${from?.toISOString() ?? 'all'}..${to.toISOString()}`);
              return Promise.resolve(
                all.filter((date) => date < to && (from === null || date >= from)).slice(0, count),
              );
            },
          });
          expect(found).toEqual(all.slice(0, limit));
          expect(new Set(windows).size).toBe(windows.length);
        },
      ),
    );
  });
});

describe('the keyed mutex', () => {
  it('lets nobody in twice, and deadlocks on no order of keys', async () => {
    const mutex = new KeyedMutex();
    const inside = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 1 }), { maxLength: 20 }),
        async (jobs) => {
          await Promise.all(
            jobs.map((keys) =>
              mutex.run(keys, async () => {
                for (const key of keys) {
                  expect(inside.has(key)).toBe(false);
                  inside.add(key);
                }
                await Promise.resolve();
                for (const key of keys) inside.delete(key);
              }),
            ),
          );
        },
      ),
    );
    await expect(mutex.run(['a'], () => Promise.reject(new Error('x')))).rejects.toThrow('x');
    await expect(mutex.run(['a'], () => Promise.resolve(1))).resolves.toBe(1);
  });
});

describe('the client address', () => {
  const addresses = new ClientAddress(['10.0.0.0/8', '::1']);

  it.each([
    ['203.0.113.1', '198.51.100.1', '203.0.113.1'],
    ['10.0.0.1', '198.51.100.1, 10.0.0.9', '198.51.100.1'],
    ['10.0.0.1', '1.1.1.1, 198.51.100.1', '198.51.100.1'],
    ['::ffff:10.0.0.1', '198.51.100.1:4711', '198.51.100.1'],
    ['::1', '[2001:db8::1]:443', '2001:db8::1'],
    ['10.0.0.1', 'garbage', '10.0.0.1'],
  ])('of %s behind %s is %s', (socket, forwarded, expected) => {
    expect(addresses.of(socket, forwarded)).toBe(expected);
  });
});

describe('errors', () => {
  it('have both languages and a known status', () => {
    for (const [code, definition] of Object.entries(ERROR_CATALOGUE)) {
      expect(definition.en, code).not.toBe('');
      expect(definition.fr, code).not.toBe('');
      expect([400, 401, 403, 404, 409, 412, 413, 415, 429, 500, 503]).toContain(definition.status);
    }
  });

  it('tell nothing of a defect, and map what the driver throws', () => {
    expect(errorEnvelope(toAppError(new Error('secret')), 'en', 'r')).toEqual({
      statusCode: 500,
      error: 'Internal Server Error',
      message: 'Internal error',
      code: 'INTERNAL',
      requestId: 'r',
    });
    const duplicate = Object.assign(
      new Error('E11000 duplicate key error collection: x.users index: users_email dup key: { email: "a@b.io" }'),
      { code: 11_000 },
    );
    expect(isDuplicateKey(duplicate, 'users_email')).toBe(true);
    expect(toAppError(Object.assign(new Error(), { name: 'MongoServerSelectionError' }))).toMatchObject({
      code: 'UNAVAILABLE',
      options: { retryAfterSeconds: 2 },
    });
    expect(
      toAppError(Object.assign(new Error('This socket has been ended by the other party'), { code: 'EPIPE' }))?.code,
    ).toBe('UNAVAILABLE');
    expect(toAppError(Object.assign(new Error(), { code: 112 }))?.code).toBe('CONCURRENT_UPDATE');
    expect(errorEnvelope(new AppError('SLOT_TAKEN'), 'fr', 'r').message).toBe("Ce créneau n'est plus libre");
  });

  it('leave no value in the log', () => {
    const error = Object.assign(new Error('dup key: { email: "somebody@example.org" }'), {
      name: 'MongoServerError',
      code: 11_000,
    });
    expect(JSON.stringify(describeError(error))).not.toContain('somebody');
    expect(describeError(new Error('plain'))).toMatchObject({ name: 'Error', message: 'plain' });
  });
});

describe('bodies and versions', () => {
  it('parse every JSON and refuse everything else with a 400', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        fc.pre(!text.includes('__proto__') && !text.includes('constructor'));
        expect(parseJsonBody(text)).toEqual(JSON.parse(text));
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          parseJsonBody(text);
        } catch (error) {
          expect(error).toMatchObject({ status: 400 });
        }
      }),
    );
    expect(parseJsonBody('  ')).toEqual({});
    expect(() => parseJsonBody('{"a":{"__proto__":1}}')).toThrow(AppError);
  });

  it('read the version of our ETags only', () => {
    expect([
      versionOfETag('"v12-abc"'),
      versionOfETag('W/"v3-x"'),
      versionOfETag('"abc"'),
      versionOfETag('v1'),
    ]).toEqual([12, 3, null, null]);
  });
});
