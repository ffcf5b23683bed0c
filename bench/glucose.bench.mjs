/** Glucose: bulk uploads, single readings, reports of 90 and 366 days, the worklist; ratios to raw inserts and bare transactions. */
import { register, startStage } from './lib/server.mjs';
import { medianLatency, report, roundTrips } from './lib/measure.mjs';
import { bulkRatio, singleRatio } from './lib/glucose-writes.mjs';
import { sensorDays, upload, worklistOf } from './lib/glucose-data.mjs';

const DAYS_90 = 90;

/** Milliseconds of the handler as the server logs them, median of the newest requests of a route. */
function handlerMs(lines, route, calls) {
  const times = [];
  for (let index = lines.length - 1; index >= 0 && times.length < calls; index -= 1) {
    const entry = JSON.parse(lines[index]);
    if (entry.route === route) times.push(entry.ms);
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
}

const stage = await startStage();
try {
  const { api, server } = stage;
  const SUMMARY = '/api/glucose/analytics/:report';
  const timed = async (who, path, route) => {
    const seen = await medianLatency(`${api}${path}`, who.token, 40);
    return { seen, inside: handlerMs(server.lines, route, 40), trips: roundTrips(server.lines, route) };
  };
  const line = (name, { seen, inside, trips }, goal) =>
    report(`${name} (${trips} round trips)`, inside, seen, `ms in the server, ms at the client; goal ${goal}`);

  const bulk = await bulkRatio(stage);
  report('POST 1,000 readings in bulk', bulk.perSecond, bulk.ratio, 'readings/s, ratio to raw insertMany; goal 0.5');
  const single = await singleRatio(stage);
  report('POST a reading', single.perSecond, single.ratio, 'calls/s, ratio to a bare transaction; goal 0.25');

  const dense = await register(api, 'patient');
  await upload(stage, dense, sensorDays(366, 5));
  const sparse = await register(api, 'patient');
  await upload(stage, sparse, sensorDays(DAYS_90, 50));
  const path = (name, days, more = '') => `/glucose/analytics/${name}?days=${days}${more}`;

  const many = await timed(dense, path('summary', DAYS_90), SUMMARY);
  const few = await timed(sparse, path('summary', DAYS_90), SUMMARY);
  line('summary, 90 days, 25,920 readings', many, 5);
  line('summary, 90 days, 2,592 readings', few, 5);
  report('summary, ratio of the two', many.inside, many.inside / few.inside, 'ms, ratio; goal at most 1.5');
  line('agp, 90 days', await timed(dense, path('agp', DAYS_90), SUMMARY), 5);
  line('daily, 90 days', await timed(dense, path('daily', DAYS_90), SUMMARY), 5);
  line('summary, 366 days', await timed(dense, path('summary', 366), SUMMARY), 20);
  line('episodes, 90 days', await timed(dense, path('episodes', DAYS_90), SUMMARY), 60);

  const doctor = await register(api, 'medecin');
  await worklistOf(stage, doctor, dense, 500);
  const population = await timed(doctor, `/doctors/${doctor.id}/population`, '/api/doctors/:id/population');
  line('worklist of 500 patients', population, 50);
  const mine = await timed(doctor, `/medecins/${doctor.id}/my-patients`, '/api/medecins/:id/my-patients');
  line('my-patients, 500 patients', mine, 50);
} finally {
  await stage.stop();
}
process.exit(0);
