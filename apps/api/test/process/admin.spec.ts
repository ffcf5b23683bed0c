import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';
import { ensureServerBuilt } from '../support/built-server';

const ADMIN = join(__dirname, '../../dist/cli/admin.js');

describe('the operator’s rebuild-rollups', () => {
  let t: TestApp;
  let patient: TestActor;

  beforeAll(async () => {
    ensureServerBuilt();
    t = await startTestApp();
    patient = await t.actors.asPatient();
    const measuredAt = new Date(Date.now() - 3_600_000).toISOString();
    await patient.post('/glucose', { value: 100, measuredAt });
    await patient.get('/glucose/stats/weekly');
  }, 120_000);

  afterAll(async () => {
    await t.close();
  });

  /** Exit code and what was printed. */
  function admin(...args: string[]): Promise<[code: unknown, text: string]> {
    const uri = new URL(inject('mongoUri'));
    uri.pathname = `/${t.dbName}`;
    if (uri.username !== '') uri.searchParams.set('authSource', 'admin');
    const env = { ...process.env, MONGODB_URI: uri.toString() };
    return new Promise((resolve) => {
      execFile(process.execPath, [ADMIN, 'rebuild-rollups', ...args], { env }, (error, stdout) => {
        resolve([error === null ? 0 : error.code, stdout.trim()]);
      });
    });
  }

  it('finds nothing wrong, finds what was changed, and repairs it', async () => {
    expect(await admin('--check')).toEqual([0, '1 patients, 0 differences']);
    const [day] = await t.db.collection('glucosedays').find().toArray();
    await t.db.collection('glucosedays').updateOne({}, { $set: { counts: [['manual', '', 7]] } });
    const [code, text] = await admin('--patient', patient.id, '--check');
    expect(code).toBe(1);
    expect(text).toBe(`${patient.id}  ${day?.['date']}  stored 7 readings  counted 1\n1 patients, 1 differences`);
    expect(await admin('--patient', patient.id)).toEqual([0, '1 patients, 1 days rebuilt']);
    expect(await admin('--check')).toEqual([0, '1 patients, 0 differences']);
  });

  it('refuses what it does not know', async () => {
    for (const args of [['--patient'], ['--patient', 'x'], ['--all']]) expect((await admin(...args))[0]).toBe(2);
  });
});
