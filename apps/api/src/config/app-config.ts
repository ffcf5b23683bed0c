/**
 * The settings of one running server: read once from the environment (see `load-config.ts`), checked together and
 * frozen. Durations carry their unit in the name. A rate limit of 0 means "switched off".
 */
export interface AppConfig {
  readonly http: {
    readonly port: number;
    readonly host: string;
    /** Absolute address used in mails and calendar links; null until the real port is known, then `http://localhost:PORT`. */
    readonly publicUrl: string | null;
    readonly corsOrigins: readonly string[];
    /** Addresses or CIDR blocks of proxies whose `X-Forwarded-For` is believed. */
    readonly trustedProxies: readonly string[];
    readonly shutdownTimeoutSeconds: number;
  };
  readonly data: {
    readonly dataDir: string;
    /** Null: an embedded database is started in `dataDir`. */
    readonly mongodbUri: string | null;
    readonly mailSpoolDir: string;
  };
  readonly auth: {
    readonly jwtSecret: string;
    readonly jwtPreviousSecret: string | null;
    readonly accessTokenTtlSeconds: number;
    readonly refreshTokenTtlSeconds: number;
    readonly reauthMaxAgeMinutes: number;
    readonly adminEmail: string | null;
    readonly adminPassword: string | null;
    readonly requireProfessionalApproval: boolean;
    readonly googleClientIds: readonly string[];
    readonly googleJwksUrl: string;
    readonly loginMaxFailuresPerAccount: number;
    readonly loginMaxFailuresPerIp: number;
  };
  readonly care: {
    readonly clientProfile: 'standard' | 'flutter-2026';
    readonly currency: string;
    readonly maxPatientsPerDoctor: number;
    readonly maxAppointmentsPerDay: number;
    readonly medicationRequestTtlMinutes: number;
    readonly boostPrices: Readonly<Record<'boost_24h' | 'boost_week' | 'boost_month', number>>;
    /** What the dashboard of a pharmacy compares its membership with: currency units per month. */
    readonly valueProposition: Readonly<Record<'targetedAds' | 'localSEO' | 'analytics' | 'pharmacyPays', number>>;
    readonly nutritionCarbsTargetG: number;
    readonly nutritionCaloriesTargetKcal: number;
    readonly auditRetentionDays: number;
  };
  readonly rateLimits: {
    readonly userPerMinute: number;
    readonly publicPerMinute: number;
    readonly registrationPerHour: number;
    readonly forgotPerHour: number;
    readonly messagesPerMinute: number;
    readonly bulkPerMinute: number;
    readonly exportPerDay: number;
    readonly calendarPerHour: number;
  };
  readonly mail: { readonly smtpUrl: string | null; readonly from: string };
  readonly push: { readonly provider: 'none' | 'fcm'; readonly fcmCredentials: string | null };
  readonly log: { readonly level: string; readonly pretty: boolean };
  readonly metrics: { readonly token: string | null };
}

/** Injection token of {@link AppConfig}: `@Inject(APP_CONFIG) private readonly config: AppConfig`. */
export const APP_CONFIG = Symbol('APP_CONFIG');
