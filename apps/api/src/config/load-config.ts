import { join } from 'node:path';
import { config as loadDotenv } from 'dotenv';
import type { AppConfig } from './app-config';
import { type Setting, type Settings, SETTINGS } from './env.dto';

/** One message for everything that is wrong with the settings; never repeats a value. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The settings are not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/** The environment as text by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads and checks all settings together. @throws ConfigError */
export function parseConfig(environment: Environment): AppConfig {
  const problems: string[] = [];
  const parsed: Record<string, unknown> = {};
  for (const setting of Object.values(SETTINGS) as Setting<unknown>[]) {
    const given = environment[setting.name]?.trim() ?? '';
    if (given === '') {
      if (setting.required === true) problems.push(`${setting.name} is missing; expected: ${setting.expected}`);
      parsed[setting.name] = setting.fallback;
      continue;
    }
    const value = setting.parse(given);
    if (value === undefined) problems.push(`${setting.name} is wrong; expected: ${setting.expected}`);
    parsed[setting.name] = value;
  }
  const settings = parsed as unknown as Settings;
  if (settings.PUSH_PROVIDER === 'fcm' && settings.FCM_CREDENTIALS === null)
    problems.push(
      'FCM_CREDENTIALS is missing; expected: the path of a service account file, since PUSH_PROVIDER is fcm',
    );
  if ((settings.ADMIN_EMAIL === null) !== (settings.ADMIN_PASSWORD === null)) {
    problems.push(
      `${settings.ADMIN_EMAIL === null ? 'ADMIN_EMAIL' : 'ADMIN_PASSWORD'} is missing; expected: both or neither of ADMIN_EMAIL and ADMIN_PASSWORD`,
    );
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return deepFreeze(toTree(settings));
}

/** The settings of this process: its environment, and `.env` in the working folder for what the environment leaves open. */
export function loadConfig(): AppConfig {
  const fromFile: Record<string, string> = {};
  loadDotenv({ processEnv: fromFile, quiet: true });
  return parseConfig({ ...fromFile, ...presentOnly(process.env) });
}

function presentOnly(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''));
}

function toTree(s: Settings): AppConfig {
  return {
    http: {
      port: s.PORT,
      host: s.HOST,
      publicUrl: s.PUBLIC_URL,
      corsOrigins: s.CORS_ORIGINS,
      trustedProxies: s.TRUSTED_PROXIES,
      shutdownTimeoutSeconds: s.SHUTDOWN_TIMEOUT_SECONDS,
    },
    data: {
      dataDir: s.DATA_DIR,
      mongodbUri: s.MONGODB_URI,
      mailSpoolDir: s.MAIL_SPOOL_DIR ?? join(s.DATA_DIR, 'mail'),
    },
    auth: {
      jwtSecret: s.JWT_SECRET ?? '',
      jwtPreviousSecret: s.JWT_PREVIOUS_SECRET,
      accessTokenTtlSeconds: s.ACCESS_TOKEN_TTL,
      refreshTokenTtlSeconds: s.REFRESH_TOKEN_TTL,
      reauthMaxAgeMinutes: s.REAUTH_MAX_AGE_MINUTES,
      adminEmail: s.ADMIN_EMAIL,
      adminPassword: s.ADMIN_PASSWORD,
      requireProfessionalApproval: s.REQUIRE_PROFESSIONAL_APPROVAL,
      googleClientIds: s.GOOGLE_CLIENT_IDS,
      googleJwksUrl: s.GOOGLE_JWKS_URL,
      loginMaxFailuresPerAccount: s.LOGIN_MAX_FAILURES_PER_ACCOUNT,
      loginMaxFailuresPerIp: s.LOGIN_MAX_FAILURES_PER_IP,
    },
    care: {
      clientProfile: s.CLIENT_PROFILE,
      currency: s.CURRENCY,
      maxPatientsPerDoctor: s.MAX_PATIENTS_PER_DOCTOR,
      maxAppointmentsPerDay: s.MAX_APPOINTMENTS_PER_DAY,
      medicationRequestTtlMinutes: s.MEDICATION_REQUEST_TTL_MINUTES,
      boostPrices: s.BOOST_PRICES,
      valueProposition: s.VALUE_PROPOSITION,
      nutritionCarbsTargetG: s.NUTRITION_CARBS_TARGET,
      nutritionCaloriesTargetKcal: s.NUTRITION_CALORIES_TARGET,
      auditRetentionDays: s.AUDIT_RETENTION_DAYS,
    },
    rateLimits: {
      userPerMinute: s.RATE_LIMIT_USER_PER_MINUTE,
      publicPerMinute: s.RATE_LIMIT_PUBLIC_PER_MINUTE,
      registrationPerHour: s.RATE_LIMIT_REGISTRATION_PER_HOUR,
      forgotPerHour: s.RATE_LIMIT_FORGOT_PER_HOUR,
      messagesPerMinute: s.RATE_LIMIT_MESSAGES_PER_MINUTE,
      bulkPerMinute: s.RATE_LIMIT_BULK_PER_MINUTE,
      exportPerDay: s.RATE_LIMIT_EXPORT_PER_DAY,
      calendarPerHour: s.RATE_LIMIT_CALENDAR_PER_HOUR,
    },
    mail: { smtpUrl: s.SMTP_URL, from: s.MAIL_FROM ?? 'DiabCare <no-reply@localhost>' },
    push: { provider: s.PUSH_PROVIDER, fcmCredentials: s.FCM_CREDENTIALS },
    log: { level: s.LOG_LEVEL, pretty: s.LOG_PRETTY },
    metrics: { token: s.METRICS_TOKEN },
  };
}

function deepFreeze<T extends object>(tree: T): T {
  for (const value of Object.values(tree)) if (typeof value === 'object' && value !== null) deepFreeze(value as object);
  return Object.freeze(tree);
}
