import type { AppConfig } from '../../src/config/app-config';

type Overrides = { readonly [K in keyof AppConfig]?: Partial<AppConfig[K]> };

const BASE: AppConfig = {
  http: {
    port: 0,
    host: '127.0.0.1',
    publicUrl: null,
    corsOrigins: [],
    trustedProxies: [],
    shutdownTimeoutSeconds: 10,
  },
  data: { dataDir: '', mongodbUri: null, mailSpoolDir: '' },
  auth: {
    jwtSecret: 'test-secret-of-more-than-thirty-two-bytes',
    jwtPreviousSecret: null,
    accessTokenTtlSeconds: 604_800,
    refreshTokenTtlSeconds: 2_592_000,
    reauthMaxAgeMinutes: 15,
    adminEmail: 'admin@test.example',
    adminPassword: 'admin-password',
    requireProfessionalApproval: false,
    googleClientIds: [],
    googleJwksUrl: 'http://127.0.0.1:9/jwks',
    loginMaxFailuresPerAccount: 5,
    loginMaxFailuresPerIp: 20,
  },
  care: {
    clientProfile: 'standard',
    currency: 'EUR',
    maxPatientsPerDoctor: 2_000,
    maxAppointmentsPerDay: 15,
    medicationRequestTtlMinutes: 120,
    boostPrices: { boost_24h: 0, boost_week: 0, boost_month: 0 },
    valueProposition: { targetedAds: 300, localSEO: 200, analytics: 150, pharmacyPays: 0 },
    nutritionCarbsTargetG: 200,
    nutritionCaloriesTargetKcal: 2_000,
    auditRetentionDays: 2_190,
  },
  // Off, so that suites may call as often as they need; the tests of the limits switch them on.
  rateLimits: {
    userPerMinute: 0,
    publicPerMinute: 0,
    registrationPerHour: 0,
    forgotPerHour: 0,
    messagesPerMinute: 0,
    bulkPerMinute: 0,
    exportPerDay: 0,
    calendarPerHour: 0,
  },
  mail: { smtpUrl: null, from: 'DiabCare <no-reply@test.example>' },
  push: { provider: 'none', fcmCredentials: null },
  log: { level: 'silent', pretty: false },
  metrics: { token: null },
};

/** The settings of a test application, changed per section. */
export function testConfig(overrides: Overrides = {}): AppConfig {
  const merged: Record<string, unknown> = {};
  for (const section of Object.keys(BASE) as (keyof AppConfig)[])
    merged[section] = { ...BASE[section], ...overrides[section] };
  return merged as unknown as AppConfig;
}

export type ConfigOverrides = Overrides;
