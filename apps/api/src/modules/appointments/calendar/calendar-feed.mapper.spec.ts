import { mongo } from 'mongoose';
import { describe, expect, it } from 'vitest';
import { foldLines, toCalendar } from './calendar-feed.mapper';

describe('lines of a calendar', () => {
  it('are at most 75 octets long and read as before when they are joined again', () => {
    for (const word of ['a', 'é', '日', '👩‍⚕️', 'aé日👩']) {
      const line = `SUMMARY:${word.repeat(60)}`;
      const folded = foldLines(`BEGIN:VEVENT\r\n${line}\r\nEND:VEVENT`);
      for (const part of folded.split('\r\n')) expect(Buffer.byteLength(part)).toBeLessThanOrEqual(75);
      expect(folded.replaceAll('\r\n ', '')).toBe(`BEGIN:VEVENT\r\n${line}\r\nEND:VEVENT`);
    }
  });

  it('are left alone up to the last octet', () => {
    // 75 octets, then 76: 37 letters of two octets and one or two of one.
    expect(foldLines(`a${'é'.repeat(37)}`)).toBe(`a${'é'.repeat(37)}`);
    expect(foldLines(`ab${'é'.repeat(37)}`)).toBe(`ab${'é'.repeat(36)}\r\n é`);
  });
});

describe('a calendar', () => {
  it('holds its events before its end, in their order', () => {
    const [patientId, doctorId] = [new mongo.ObjectId(), new mongo.ObjectId()];
    const at = new Date('2027-03-01T09:00:00Z');
    const ids = [1, 2, 3].map(() => new mongo.ObjectId());
    const records = ids.map((_id) => ({
      _id,
      patientId,
      doctorId,
      dateTime: at,
      endTime: new Date(at.getTime() + 1_800_000),
      updatedAt: at,
      sequence: 2,
      status: 'Confirmed',
      type: 'Online',
      meetingUrl: 'https://meet.example/$&/$1',
    }));
    // Only what the feed reads of an appointment.
    const text = toCalendar(patientId.toHexString(), records as never, new Map());
    expect(text.match(/UID:[0-9a-f]{24}/g)).toEqual(ids.map((id) => `UID:${id.toHexString()}`));
    expect(text).toMatch(/^BEGIN:VCALENDAR\r\n[\s\S]*END:VEVENT\r\nEND:VCALENDAR(\r\n)?$/);
    expect(text).toContain('$&/$1');
  });
});
