import { describe, expect, it } from 'vitest';
import { cell, int, vectors } from '../test/vectors';
import { addDays, dayMinutes, dayStart, isTimeZone, localParts } from './zone';

const iso = (t: number): string => new Date(t).toISOString().replace('.000Z', 'Z');

describe('local days', () => {
  it.each(vectors('dst_days'))('$zone $local_date', (row) => {
    const [zone, date] = [cell(row, 'zone'), cell(row, 'local_date')];
    const start = dayStart(date, zone);
    expect(iso(start)).toBe(cell(row, 'day_start_utc'));
    expect(dayMinutes(date, zone)).toBe(int(row, 'minutes'));
    expect(dayMinutes(date, zone) / 5).toBe(int(row, 'five_minute_slots'));
    const clock = cell(row, 'first_local_clock');
    if (clock === '') return;
    const parts = localParts(start, zone);
    expect(`${parts.date} ${String(parts.hour).padStart(2, '0')}:${String(parts.minute).padStart(2, '0')}`).toBe(
      `${date} ${clock}`,
    );
    // one millisecond earlier is another day
    expect(localParts(start - 1, zone).date < date).toBe(true);
  });

  it('names every part of the local clock', () => {
    expect(localParts(Date.parse('2025-03-30T21:59:59.999Z'), 'Europe/Paris')).toEqual({
      date: '2025-03-30',
      year: 2025,
      month: 3,
      day: 30,
      hour: 23,
      minute: 59,
      second: 59,
      minuteOfDay: 1439,
      weekday: 7,
      offsetMinutes: 120,
    });
    expect(localParts(Date.parse('1969-12-31T23:00:00Z'), 'UTC')).toMatchObject({ date: '1969-12-31', weekday: 3 });
  });

  it('agrees with the runtime at every hour of two years in odd zones', () => {
    for (const zone of ['Australia/Lord_Howe', 'Africa/Casablanca', 'America/St_Johns', 'Pacific/Chatham']) {
      const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
      for (let t = Date.UTC(2024, 0, 1); t < Date.UTC(2026, 0, 1); t += 3_600_000) {
        const { date, hour, minute } = localParts(t, zone);
        const text = `${date} ${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
        if (format.format(t) !== text) expect(text).toBe(format.format(t));
      }
    }
  });

  it('covers the time line without holes: each day ends where the next starts', () => {
    for (const zone of ['Europe/Paris', 'America/St_Johns', 'Pacific/Apia', 'Africa/Cairo', 'Asia/Kathmandu']) {
      for (let date = '2010-10-01'; date < '2012-02-01'; date = addDays(date, 1)) {
        const [start, end] = [dayStart(date, zone), dayStart(addDays(date, 1), zone)];
        if (start === end) continue;
        if (localParts(start, zone).date !== date) expect(`${zone} ${localParts(start, zone).date}`).toBe(date);
        if (localParts(end - 1, zone).date !== date) expect(`${zone} ${localParts(end - 1, zone).date}`).toBe(date);
      }
    }
  });

  it('gives the hour that clocks repeat over midnight to the day that had begun', () => {
    // St John's set its clocks back at 00:01 until 2011: the second pass of 23:01 belongs to the new day
    expect(iso(dayStart('2010-11-07', 'America/St_Johns'))).toBe('2010-11-07T02:30:00Z');
    expect(localParts(Date.parse('2010-11-07T02:45:00Z'), 'America/St_Johns')).toMatchObject({
      date: '2010-11-07',
      hour: 23,
      minute: 15,
    });
  });

  it.each(['2025-02-29', '2025-13-01', '2025-1-1', '25-01-01', '', 'today', '2025-01-01T00:00:00Z'])(
    'refuses the date "%s"',
    (date) => {
      expect(() => dayStart(date, 'UTC')).toThrow(RangeError);
      expect(() => dayMinutes(date, 'UTC')).toThrow(RangeError);
      expect(() => addDays(date, 1)).toThrow(RangeError);
    },
  );

  it.each(['Mars/Olympus', '', '+01:00', '-0500', 'Europe/Paris; x'])('refuses the zone "%s"', (zone) => {
    expect(() => dayStart('2025-01-01', zone)).toThrow(RangeError);
    expect(() => localParts(0, zone)).toThrow(RangeError);
    expect(isTimeZone(zone)).toBe(false);
  });

  it('refuses what is no instant', () => {
    for (const t of [NaN, Infinity, 8.64e15, -1e15]) expect(() => localParts(t, 'UTC')).toThrow(RangeError);
    expect(isTimeZone('Africa/Tunis')).toBe(true);
  });

  it('survives more zone spellings and dates than its caches hold', () => {
    const name = 'europe/paris';
    for (let mask = 0; mask < 700; mask += 1) {
      const spelling = [...name].map((c, i) => (mask & (1 << i) ? c.toUpperCase() : c)).join('');
      expect(localParts(0, spelling).hour).toBe(1);
    }
    for (let year = 1000; year < 1090; year += 1) {
      for (let day = 0; day < 365; day += 1) localParts(Date.UTC(year, 0, 1 + day), 'UTC');
    }
    expect(localParts(Date.UTC(2024, 0, 1), 'UTC').date).toBe('2024-01-01');
  });
});
