import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SETTINGS } from './env.dto';
import { ConfigError, parseConfig } from './load-config';

const JWT_SECRET = 'x'.repeat(32);
const withSetting = (name: string, value: string) => () => parseConfig({ JWT_SECRET, [name]: value });

describe('settings', () => {
  it('have the documented defaults', () => {
    const config = parseConfig({ JWT_SECRET });
    expect(config.http).toMatchObject({ port: 3_000, host: '127.0.0.1', publicUrl: null, shutdownTimeoutSeconds: 10 });
    expect(config.auth).toMatchObject({
      accessTokenTtlSeconds: 604_800,
      refreshTokenTtlSeconds: 2_592_000,
      loginMaxFailuresPerAccount: 5,
      loginMaxFailuresPerIp: 20,
    });
    expect(config.rateLimits).toEqual({
      userPerMinute: 600,
      publicPerMinute: 60,
      registrationPerHour: 10,
      forgotPerHour: 5,
      messagesPerMinute: 60,
      bulkPerMinute: 30,
      exportPerDay: 3,
      calendarPerHour: 60,
    });
    expect(Object.isFrozen(config.auth)).toBe(true);
  });

  it('are reported together, by name and expected form, never by value', () => {
    const wrong = {
      PORT: 'http',
      CURRENCY: 'euro',
      TRUSTED_PROXIES: '10.0.0.0/99',
      BOOST_PRICES: '{',
      JWT_SECRET: 'secret-value',
      ADMIN_EMAIL: 'a@b.io',
    };
    try {
      parseConfig(wrong);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError);
      const { message, problems } = error as ConfigError;
      expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
        'PORT',
        'JWT_SECRET',
        'TRUSTED_PROXIES',
        'CURRENCY',
        'BOOST_PRICES',
        'ADMIN_PASSWORD',
      ]);
      expect(message).not.toContain('secret-value');
    }
  });

  it.each([
    ['PORT', ['0', '65535'], ['65536', '-1', '+5', '1e3', '0x10', '3.5']],
    ['ACCESS_TOKEN_TTL', ['1'], ['0', 'week']],
    ['REQUIRE_PROFESSIONAL_APPROVAL', ['true', 'false'], ['yes', '1']],
    ['CLIENT_PROFILE', ['flutter-2026'], ['flutter']],
    ['CORS_ORIGINS', ['https://a.example,http://b.example:8080'], ['https://a.example/', '*']],
    ['TRUSTED_PROXIES', ['10.0.0.1, 10.0.0.0/8, ::1, fd00::/8'], ['10.0.0', '::1/200', 'localhost']],
    ['MONGODB_URI', ['mongodb://a/b?replicaSet=x'], ['http://a']],
    ['BOOST_PRICES', ['{"boost_24h":5}'], ['[]', '{"boost_24h":-1}', '{"other":1}']],
    ['AUDIT_RETENTION_DAYS', ['1'], ['0']],
    ['LOG_LEVEL', ['silent'], ['loud']],
    ['METRICS_TOKEN', ['abc'], ['a b']],
    ['SMTP_URL', ['smtps://u:p@mail.example:465'], ['mail.example']],
  ])('%s takes %j and refuses %j', (name, good, bad) => {
    for (const value of good) expect(withSetting(name, value), value).not.toThrow();
    for (const value of bad) expect(withSetting(name, value), value).toThrow(ConfigError);
  });

  it('count an empty value as unset, and need what belongs together', () => {
    expect(withSetting('PORT', '')().http.port).toBe(3_000);
    expect(withSetting('PUSH_PROVIDER', 'fcm')).toThrow('FCM_CREDENTIALS');
    expect(() => parseConfig({})).toThrow('JWT_SECRET is missing');
  });

  it('stand in docs/operations.md and .env.example, all of them', () => {
    const root = join(__dirname, '../../../..');
    const documented = [
      ...readFileSync(join(root, 'docs/operations.md'), 'utf8').matchAll(/^\| ([A-Z][A-Z_]+)\s+\| `?(.*?)`?\s+\|/gm),
    ].map((match) => [match[1], match[2]]);
    expect(documented).toEqual(Object.values(SETTINGS).map((setting) => [setting.name, setting.defaultText]));
    const example = readFileSync(join(root, '.env.example'), 'utf8');
    for (const name of Object.keys(SETTINGS)) expect(example, name).toMatch(new RegExp(`^#? ?${name}=`, 'm'));
  });
});
