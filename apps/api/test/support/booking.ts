import type { TestActor } from './actors';
import type { TestApp } from './app';
import type { TestResponse } from './test-response';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** An id that nobody has. */
export const NOBODY = '507f1f77bcf86cd799439099';

/** Keys of an appointment (contract 50 section 2.1), sorted. */
export const APPOINTMENT_KEYS = [
  '_id',
  'awaiting',
  'cancelledBy',
  'createdAt',
  'createdByRole',
  'dateTime',
  'doctorId',
  'doctorName',
  'doctorSpecialty',
  'durationMinutes',
  'endTime',
  'expiresAt',
  'meetingUrl',
  'notes',
  'patientConfirmedAt',
  'patientId',
  'patientName',
  'reason',
  'specialty',
  'status',
  'timeZone',
  'type',
  'updatedAt',
] as const;

/** Settings under which people stay signed in while a test moves the clock by up to 80 days. */
export const LONG_TOKENS = { accessTokenTtlSeconds: (80 * DAY) / 1_000, refreshTokenTtlSeconds: (80 * DAY) / 1_000 };

/** The same for a clock that stands years before the machine's: the database removes sessions by its own time. */
export const ENDLESS_TOKENS = { accessTokenTtlSeconds: 315_360_000, refreshTokenTtlSeconds: 315_360_000 };

/** An appointment's notification, as tests look at it. */
export interface Told {
  readonly event: string;
  readonly severity: string;
  readonly relatedId: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A linked pair and what they do with appointments. */
export class Pair {
  private taken = 0;

  constructor(
    readonly t: TestApp,
    readonly patient: TestActor,
    readonly doctor: TestActor,
  ) {}

  /** A new patient and doctor with an active link. */
  static async linked(t: TestApp): Promise<Pair> {
    const { patient, doctor } = await t.actors.linkedPair();
    return new Pair(t, patient, doctor);
  }

  /** A full hour that this pair has not used yet, at least three days ahead and a day after the last. */
  slot(): string {
    this.taken += 1;
    return new Date(Math.ceil(this.t.clock.now().getTime() / HOUR) * HOUR + (2 + this.taken) * DAY).toISOString();
  }

  /** Asks for an appointment. */
  request(by: TestActor, fields: object = {}): Promise<TestResponse> {
    return by.post('/appointments', {
      patientId: this.patient.id,
      doctorId: this.doctor.id,
      dateTime: this.slot(),
      ...fields,
    });
  }

  /** Books one that must succeed; answers its body. */
  async book(by: TestActor = this.patient, fields: object = {}): Promise<TestResponse['body']> {
    const response = await this.request(by, fields);
    if (response.status !== 201) throw new Error(`No appointment: ${response.text}`);
    return response.body;
  }

  /** One that both sides agreed to. */
  async confirmed(fields: object = {}): Promise<TestResponse['body']> {
    const { _id } = await this.book(this.patient, fields);
    const { status, body, text } = await this.patch(this.doctor, _id, { status: 'Confirmed' });
    if (status !== 200) throw new Error(`Not confirmed: ${text}`);
    return body;
  }

  /** One that has taken place; the clock is frozen at its start. */
  async completed(): Promise<TestResponse['body']> {
    const { _id, dateTime } = await this.confirmed();
    this.t.clock.freeze(dateTime);
    const { status, body, text } = await this.patch(this.doctor, _id, { status: 'Completed' });
    if (status !== 200) throw new Error(`Not completed: ${text}`);
    return body;
  }

  patch(by: TestActor, id: string, body: object, headers: Record<string, string> = {}): Promise<TestResponse> {
    return by.patch(`/appointments/${id}`, body, { headers });
  }

  get(by: TestActor, id: string): Promise<TestResponse> {
    return by.get(`/appointments/${id}`);
  }

  delete(by: TestActor, id: string): Promise<TestResponse> {
    return by.delete(`/appointments/${id}`);
  }

  /** What somebody was told about an appointment, oldest first, once everything is delivered. */
  async told(actor: TestActor, appointmentId: string): Promise<Told[]> {
    await this.t.settle();
    const { body } = await actor.get('/notifications?type=appointment&limit=100');
    return (body.notifications as (Told & { data: { event: string } })[])
      .filter(({ relatedId }) => relatedId === appointmentId)
      .map(({ severity, relatedId, data }) => ({ event: data.event, severity, relatedId, data }))
      .reverse();
  }

  /** The events of {@link told}. */
  async events(actor: TestActor, appointmentId: string): Promise<string[]> {
    return (await this.told(actor, appointmentId)).map(({ event }) => event);
  }
}

/** How many answers there were of each kind: `201`, `409 SLOT_TAKEN`. */
export function countAnswers(responses: readonly TestResponse[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, body } of responses) {
    const key = status < 300 ? String(status) : `${status} ${String(body.code)}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

/** Makes that many calls at once. */
export function parallel<T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => make(index)));
}
