import { createApp } from './create-app';
import { prepareApp } from './start-app';
void (async () => {
  const config: any = { http: { port: 3999, host: '127.0.0.1', publicUrl: null, corsOrigins: [], trustedProxies: [], shutdownTimeoutSeconds: 10 }, data: {}, auth: { jwtSecret: 'x'.repeat(40), jwtPreviousSecret: null, accessTokenTtlSeconds: 604800, refreshTokenTtlSeconds: 2592000, reauthMaxAgeMinutes: 15, adminEmail: 'admin@x.io', adminPassword: 'adminadmin', requireProfessionalApproval: false, googleClientIds: [], loginMaxFailuresPerAccount: 5, loginMaxFailuresPerIp: 20 }, care: { auditRetentionDays: 2190, maxPatientsPerDoctor: 2000, maxAppointmentsPerDay: 15, clientProfile: 'standard' }, rateLimits: { userPerMinute: 0, publicPerMinute: 0, registrationPerHour: 0, forgotPerHour: 0, messagesPerMinute: 0, bulkPerMinute: 0, exportPerDay: 0, calendarPerHour: 0 }, log: { level: 'info', pretty: false } };
  const t = Date.now();
  const app = await createApp({ config, mongoUri: 'mongodb://127.0.0.1:27500/try?replicaSet=secantus' });
  await prepareApp(app);
  await app.listen(3999, '127.0.0.1');
  console.log('ready', Date.now() - t);
})().catch((e) => { console.error(e); process.exit(1); });
