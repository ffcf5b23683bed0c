import { BlockList, isIP } from 'node:net';
import { resolve } from 'node:path';

/** A setting: what it is for, what it looks like, how it is read. `T` is the parsed form. */
export interface Setting<T> {
  readonly name: string;
  /** As the table of docs/operations.md shows it. */
  readonly defaultText: string;
  readonly expected: string;
  /** Reads the text; undefined when it does not have the expected form. */
  readonly parse: (text: string) => T | undefined;
  readonly fallback: T;
  readonly required?: boolean;
}

function integer(name: string, fallback: number, bounds: { min?: number; max?: number } = {}): Setting<number> {
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = bounds;
  const expected =
    max === Number.MAX_SAFE_INTEGER ? `a whole number of at least ${min}` : `a whole number from ${min} to ${max}`;
  return {
    name,
    defaultText: String(fallback),
    expected,
    fallback,
    parse: (text) => (/^\d{1,15}$/.test(text) && Number(text) >= min && Number(text) <= max ? Number(text) : undefined),
  };
}

function text(name: string, expected: string, check: (value: string) => boolean = () => true): Setting<string | null> {
  return { name, defaultText: 'none', expected, fallback: null, parse: (value) => (check(value) ? value : undefined) };
}

function flag(name: string): Setting<boolean> {
  return {
    name,
    defaultText: 'false',
    expected: 'true or false',
    fallback: false,
    parse: (value) => (value === 'true' ? true : value === 'false' ? false : undefined),
  };
}

function choice<T extends string>(name: string, values: readonly T[], fallback: T): Setting<T> {
  return {
    name,
    defaultText: fallback,
    expected: `one of ${values.join(', ')}`,
    fallback,
    parse: (value) => values.find((candidate) => candidate === value),
  };
}

function list(name: string, expected: string, check: (item: string) => boolean): Setting<readonly string[]> {
  return {
    name,
    defaultText: 'none',
    expected: `${expected}, comma separated`,
    fallback: [],
    parse: (value) => {
      const items = value
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== '');
      return items.every(check) ? items : undefined;
    },
  };
}

function isUrl(value: string, protocols: readonly string[]): boolean {
  return URL.canParse(value) && protocols.includes(new URL(value).protocol);
}

/** An address, or a CIDR block of one. */
function isAddressBlock(value: string): boolean {
  const [address = '', prefix, ...rest] = value.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  if (prefix === undefined) return true;
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > (family === 6 ? 128 : 32)) return false;
  new BlockList().addSubnet(address, Number(prefix), family === 6 ? 'ipv6' : 'ipv4');
  return true;
}

/** Prices by boost type; missing ones are 0. */
export type BoostPrices = Readonly<Record<'boost_24h' | 'boost_week' | 'boost_month', number>>;
const NO_PRICES: BoostPrices = { boost_24h: 0, boost_week: 0, boost_month: 0 };

/** Amounts by name as JSON; those left out keep their default. */
function amounts<T extends Readonly<Record<string, number>>>(value: string, defaults: T): T | undefined {
  try {
    const parsed: unknown = JSON.parse(value);
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined;
    const known = Object.entries(parsed).every(
      ([key, amount]) => Object.hasOwn(defaults, key) && typeof amount === 'number' && amount >= 0,
    );
    return known ? { ...defaults, ...(parsed as Partial<T>) } : undefined;
  } catch {
    return undefined;
  }
}

/** What the dashboard of a pharmacy compares its membership with, per month, in currency units. */
export type ValueProposition = Readonly<Record<'targetedAds' | 'localSEO' | 'analytics' | 'pharmacyPays', number>>;
const VALUE_DEFAULTS: ValueProposition = { targetedAds: 300, localSEO: 200, analytics: 150, pharmacyPays: 0 };

const secret = (value: string): boolean => Buffer.byteLength(value) >= 32;
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** Every setting, by the name that the environment uses (operations.md section 2). */
export const SETTINGS = {
  PORT: integer('PORT', 3_000, { max: 65_535 }),
  HOST: {
    name: 'HOST',
    defaultText: '127.0.0.1',
    expected: 'an address or host name',
    fallback: '127.0.0.1',
    parse: (value: string) => (/^[A-Za-z0-9.:_-]+$/.test(value) ? value : undefined),
  },
  PUBLIC_URL: {
    ...text('PUBLIC_URL', 'an absolute http or https URL', (value) => isUrl(value, ['http:', 'https:'])),
    defaultText: 'http://localhost:PORT',
  },
  DATA_DIR: {
    name: 'DATA_DIR',
    defaultText: './.data',
    expected: 'a folder',
    fallback: resolve('.data'),
    parse: (value: string) => resolve(value),
  },
  MONGODB_URI: text('MONGODB_URI', 'a mongodb:// or mongodb+srv:// URI', (value) =>
    /^mongodb(\+srv)?:\/\/\S+$/.test(value),
  ),
  JWT_SECRET: { ...text('JWT_SECRET', 'at least 32 bytes', secret), defaultText: 'required', required: true },
  JWT_PREVIOUS_SECRET: text('JWT_PREVIOUS_SECRET', 'at least 32 bytes', secret),
  ACCESS_TOKEN_TTL: integer('ACCESS_TOKEN_TTL', 604_800, { min: 1 }),
  REFRESH_TOKEN_TTL: integer('REFRESH_TOKEN_TTL', 2_592_000, { min: 1 }),
  REAUTH_MAX_AGE_MINUTES: integer('REAUTH_MAX_AGE_MINUTES', 15),
  ADMIN_EMAIL: text('ADMIN_EMAIL', 'an e-mail address', (value) => EMAIL.test(value)),
  ADMIN_PASSWORD: text(
    'ADMIN_PASSWORD',
    '8 to 128 characters',
    (value) => Array.from(value).length >= 8 && Array.from(value).length <= 128,
  ),
  REQUIRE_PROFESSIONAL_APPROVAL: flag('REQUIRE_PROFESSIONAL_APPROVAL'),
  CLIENT_PROFILE: choice('CLIENT_PROFILE', ['standard', 'flutter-2026'] as const, 'standard'),
  GOOGLE_CLIENT_IDS: list('GOOGLE_CLIENT_IDS', 'client ids', (item) => !/\s/.test(item)),
  GOOGLE_JWKS_URL: {
    name: 'GOOGLE_JWKS_URL',
    defaultText: "Google's",
    expected: 'an absolute http or https URL',
    fallback: 'https://www.googleapis.com/oauth2/v3/certs',
    parse: (value: string) => (isUrl(value, ['http:', 'https:']) ? value : undefined),
  },
  CORS_ORIGINS: list(
    'CORS_ORIGINS',
    'origins such as https://app.example.org',
    (item) => isUrl(item, ['http:', 'https:']) && new URL(item).origin === item,
  ),
  TRUSTED_PROXIES: list('TRUSTED_PROXIES', 'addresses or CIDR blocks', isAddressBlock),
  CURRENCY: {
    name: 'CURRENCY',
    defaultText: 'EUR',
    expected: 'an ISO 4217 code of three capital letters',
    fallback: 'EUR',
    parse: (value: string) => (/^[A-Z]{3}$/.test(value) ? value : undefined),
  },
  MAX_PATIENTS_PER_DOCTOR: integer('MAX_PATIENTS_PER_DOCTOR', 2_000, { min: 1 }),
  MAX_APPOINTMENTS_PER_DAY: integer('MAX_APPOINTMENTS_PER_DAY', 15, { min: 1 }),
  MEDICATION_REQUEST_TTL_MINUTES: integer('MEDICATION_REQUEST_TTL_MINUTES', 120, { min: 1 }),
  BOOST_PRICES: {
    name: 'BOOST_PRICES',
    defaultText: 'all 0',
    expected: 'JSON such as {"boost_24h":5,"boost_week":20,"boost_month":60}',
    fallback: NO_PRICES,
    parse: (value: string) => amounts(value, NO_PRICES),
  },
  VALUE_PROPOSITION: {
    name: 'VALUE_PROPOSITION',
    defaultText: '300, 200, 150, 0',
    expected: 'JSON such as {"targetedAds":300,"localSEO":200,"analytics":150,"pharmacyPays":0}',
    fallback: VALUE_DEFAULTS,
    parse: (value: string) => amounts(value, VALUE_DEFAULTS),
  },
  NUTRITION_CARBS_TARGET: integer('NUTRITION_CARBS_TARGET', 200),
  NUTRITION_CALORIES_TARGET: integer('NUTRITION_CALORIES_TARGET', 2_000),
  AUDIT_RETENTION_DAYS: integer('AUDIT_RETENTION_DAYS', 2_190, { min: 1 }),
  RATE_LIMIT_USER_PER_MINUTE: integer('RATE_LIMIT_USER_PER_MINUTE', 600),
  RATE_LIMIT_PUBLIC_PER_MINUTE: integer('RATE_LIMIT_PUBLIC_PER_MINUTE', 60),
  RATE_LIMIT_REGISTRATION_PER_HOUR: integer('RATE_LIMIT_REGISTRATION_PER_HOUR', 10),
  RATE_LIMIT_FORGOT_PER_HOUR: integer('RATE_LIMIT_FORGOT_PER_HOUR', 5),
  RATE_LIMIT_MESSAGES_PER_MINUTE: integer('RATE_LIMIT_MESSAGES_PER_MINUTE', 60),
  RATE_LIMIT_BULK_PER_MINUTE: integer('RATE_LIMIT_BULK_PER_MINUTE', 30),
  RATE_LIMIT_EXPORT_PER_DAY: integer('RATE_LIMIT_EXPORT_PER_DAY', 3),
  RATE_LIMIT_CALENDAR_PER_HOUR: integer('RATE_LIMIT_CALENDAR_PER_HOUR', 60),
  LOGIN_MAX_FAILURES_PER_ACCOUNT: integer('LOGIN_MAX_FAILURES_PER_ACCOUNT', 5),
  LOGIN_MAX_FAILURES_PER_IP: integer('LOGIN_MAX_FAILURES_PER_IP', 20),
  SMTP_URL: text('SMTP_URL', 'an smtp:// or smtps:// URL', (value) => isUrl(value, ['smtp:', 'smtps:'])),
  MAIL_FROM: text('MAIL_FROM', 'an address such as DiabCare <no-reply@example.org>', (value) =>
    /^[^<>\r\n]*<?[^\s<>@]+@[^\s<>@]+>?$/.test(value),
  ),
  MAIL_SPOOL_DIR: { ...text('MAIL_SPOOL_DIR', 'a folder'), defaultText: 'DATA_DIR/mail' },
  PUSH_PROVIDER: choice('PUSH_PROVIDER', ['none', 'fcm'] as const, 'none'),
  FCM_CREDENTIALS: text('FCM_CREDENTIALS', 'the path of a service account file'),
  LOG_LEVEL: choice('LOG_LEVEL', ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const, 'info'),
  LOG_PRETTY: flag('LOG_PRETTY'),
  METRICS_TOKEN: text('METRICS_TOKEN', 'a token without spaces', (value) => !/\s/.test(value)),
  SHUTDOWN_TIMEOUT_SECONDS: integer('SHUTDOWN_TIMEOUT_SECONDS', 10),
} satisfies Record<string, Setting<unknown>>;

/** Every setting, parsed. */
export type Settings = {
  readonly [K in keyof typeof SETTINGS]: (typeof SETTINGS)[K] extends Setting<infer T> ? T : never;
};
