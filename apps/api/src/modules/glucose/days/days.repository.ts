import type { Day } from '@diabcare/glycemia';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { findByIdIf, newId, oid, type Tx } from '../../../platform/database';
import { GlucoseDay } from '../glucose.schema';

/** The content of a day document; absent while a new day waits for its first build. */
type DayContent = Omit<Day, 'patientId'>;

/** What identifies one state of a day document: `life` differs after deletion and new creation, `rev` after a write. */
export interface DayState {
  readonly id: string;
  readonly date: string;
  readonly rev: number;
  readonly life: string;
  readonly dirty: boolean;
  readonly tz: string | null;
}

/** A day document as stored; content fields are missing in a new dirty day and where the projection leaves them out. */
export type StoredDay = DayState & Partial<Omit<DayContent, 'tz'>> & { readonly patientId: string };

/** What a reader asks for besides the state: the parts it needs (1), or those it does without (0). */
export type DayProjection = Readonly<Record<string, 0 | 1>>;

/** Only the state. */
export const NO_CONTENT: DayProjection = { date: 1 };

const STATE = { patientId: 1, date: 1, rev: 1, life: 1, dirty: 1, tz: 1 } as const;

function withState(projection: DayProjection): DayProjection {
  return Object.values(projection).includes(1) ? { ...STATE, ...projection } : projection;
}

/** More than the days of any window; longer ones come in further batches. */
const BATCH = 4_000;

/** What stays of a day document when its content is replaced. */
const IDENTITY = ['_id', 'patientId', 'date', 'rev', 'life'] as const;

interface Row {
  readonly _id: { toHexString(): string };
  readonly patientId: { toHexString(): string };
  readonly date: string;
  readonly rev: number;
  readonly life?: { toHexString(): string };
  readonly dirty: boolean;
  readonly tz?: string;
  readonly from?: Date;
  readonly to?: Date;
  readonly latest?: { readonly glucoseId: { toHexString(): string }; readonly measuredAt: Date } | null;
  readonly lastCriticalAt?: Date;
}

/** Dates become milliseconds and ids text again, as packages/glycemia has them. */
function toStored(row: Row): StoredDay {
  const { from, to, latest, lastCriticalAt } = row;
  return {
    ...row,
    id: row._id.toHexString(),
    patientId: row.patientId.toHexString(),
    life: row.life?.toHexString() ?? '',
    tz: row.tz ?? null,
    ...(from === undefined ? {} : { from: from.getTime() }),
    ...(to === undefined ? {} : { to: to.getTime() }),
    ...(latest === undefined || latest === null
      ? {}
      : { latest: { ...latest, glucoseId: latest.glucoseId.toHexString(), measuredAt: latest.measuredAt.getTime() } }),
    ...(lastCriticalAt === undefined ? {} : { lastCriticalAt: lastCriticalAt.getTime() }),
    // The row has the content that the projection asked for; its fields are those of the Day that was stored.
  } as unknown as StoredDay;
}

/** Day documents. `null` bounds are open. */
@Injectable()
export class GlucoseDaysRepository {
  constructor(@InjectModel(GlucoseDay.name) private readonly days: Model<GlucoseDay>) {}

  private get raw() {
    return this.days.collection;
  }

  /** Says in the transaction of a write that these days no longer equal their readings. */
  async markDirty(tx: Tx, patientId: string, dates: readonly string[]): Promise<void> {
    await this.mark(patientId, dates, tx);
  }

  /** Makes days that are about to be built exist, so that a parallel write is seen. */
  async ensure(patientId: string, dates: readonly string[]): Promise<void> {
    await this.mark(patientId, dates);
  }

  private async mark(patientId: string, dates: readonly string[], tx?: Tx): Promise<void> {
    if (dates.length === 0) return;
    const update = { $inc: { rev: 1 }, $set: { dirty: true }, $setOnInsert: { life: newId() } };
    const session = tx === undefined ? {} : { session: tx.session };
    const [only] = dates;
    if (dates.length === 1 && only !== undefined) {
      await this.raw.updateOne({ patientId: oid(patientId), date: only }, update, { upsert: true, ...session });
      return;
    }
    await this.raw.bulkWrite(
      dates.map((date) => ({
        updateOne: {
          filter: { patientId: oid(patientId), date },
          update: { ...update, $setOnInsert: { life: newId() } },
          upsert: true,
        },
      })),
      { ordered: true, ...session },
    );
  }

  /** Day documents of `[from, to]` in order of date. */
  async window(
    patientId: string,
    from: string | null,
    to: string | null,
    projection: DayProjection = {},
  ): Promise<StoredDay[]> {
    const date = { ...(from === null ? {} : { $gte: from }), ...(to === null ? {} : { $lte: to }) };
    const rows = await this.raw
      .find<Row>(
        { patientId: oid(patientId), ...(Object.keys(date).length === 0 ? {} : { date }) },
        { projection: withState(projection), batchSize: BATCH },
      )
      .toArray();
    return sorted(rows.map(toStored));
  }

  /** Whole documents of single days, in no order. */
  async ofDates(patientId: string, dates: readonly string[]): Promise<StoredDay[]> {
    if (dates.length === 0) return [];
    const rows = await this.raw
      .find<Row>({ patientId: oid(patientId), date: { $in: [...dates] } }, { batchSize: BATCH })
      .toArray();
    return rows.map(toStored);
  }

  /** Day documents of many patients, in no order. */
  async windowOf(
    patientIds: readonly string[],
    from: string,
    to: string | null,
    projection: DayProjection,
  ): Promise<StoredDay[]> {
    const date = { $gte: from, ...(to === null ? {} : { $lte: to }) };
    // Two conditions after each other: together with `$in` the embedded engine would scan everybody's days.
    const rows = await this.raw
      .aggregate<Row>(
        [
          { $match: { patientId: { $in: patientIds.map(oid) } } },
          { $match: { date } },
          { $project: withState(projection) },
        ],
        { batchSize: BATCH },
      )
      .toArray();
    return rows.map(toStored);
  }

  /** Single documents by their ids, in no order; those that are gone are left out. */
  async byIds(ids: readonly string[], projection: DayProjection): Promise<StoredDay[]> {
    if (ids.length === 0) return [];
    const rows = await this.raw
      .find<Row>({ _id: { $in: ids.map(oid) } }, { projection: withState(projection), batchSize: BATCH })
      .toArray();
    return rows.map(toStored);
  }

  /** States of days, missing ones left out. */
  async states(patientId: string, dates: readonly string[]): Promise<Map<string, DayState>> {
    const [first, last] = [dates[0] ?? '', dates.at(-1) ?? ''];
    const found = await this.window(patientId, first, last, NO_CONTENT);
    const wanted = new Set(dates);
    return new Map(found.filter(({ date }) => wanted.has(date)).map((state) => [state.date, state]));
  }

  /** Stores what was built, day by day, where nobody has written since `state` was read. */
  async store(built: readonly { readonly state: DayState; readonly content: Day }[]): Promise<void> {
    if (built.length === 0) return;
    await this.raw.bulkWrite(
      built.map(({ state, content }) => {
        const kept = Object.fromEntries(IDENTITY.map((field) => [field, `$${field}`]));
        const { date: _date, ...rest } = content;
        const replaced = { $mergeObjects: [kept, { $literal: { ...toDocument(rest), dirty: false } }] };
        // A filter of `_id` alone, and the condition in the update: the embedded engine scans for anything more.
        const update = [{ $replaceWith: { $cond: [{ $eq: ['$rev', state.rev] }, replaced, '$$ROOT'] } }];
        return { updateOne: { filter: { _id: oid(state.id) }, update } };
      }),
      { ordered: false },
    );
  }

  /** Removes a day that has lost its last reading, unless somebody has written to it since `state` was read. */
  async deleteEmpty(tx: Tx, state: DayState): Promise<void> {
    const same = (found: { readonly rev: number }): boolean => found.rev === state.rev;
    const options = { session: tx.session };
    if ((await findByIdIf<{ readonly rev: number }>(this.raw, oid(state.id), same, options)) === null) return;
    await this.raw.deleteOne({ _id: oid(state.id) }, options);
  }

  /** Of some dates, those that have a document. */
  async datesIn(tx: Tx, patientId: string, dates: readonly string[]): Promise<string[]> {
    const rows = await this.raw
      .find<Row>(
        { patientId: oid(patientId), date: { $in: [...dates] } },
        { projection: { date: 1 }, session: tx.session },
      )
      .toArray();
    return rows.map(({ date }) => date);
  }

  /**
   * Stores days together with readings that begin or continue them. Two writers that begin a day at once clash, and one
   * is run again.
   */
  async storeBuilt(tx: Tx, patientId: string, days: readonly Day[]): Promise<void> {
    if (days.length === 0) return;
    const id = oid(patientId);
    await this.raw.bulkWrite(
      days.map((day) => {
        const { date, ...content } = day;
        const update = { $inc: { rev: 1 }, $setOnInsert: { life: newId() }, ...setContent(content) };
        return { updateOne: { filter: { patientId: id, date }, update, upsert: true } };
      }),
      { ordered: false, session: tx.session },
    );
  }

  /** Patients and dates of days that wait to be rebuilt. */
  async dirty(limit: number): Promise<{ readonly patientId: string; readonly date: string }[]> {
    const rows = await this.raw
      .find<Row>({ dirty: true }, { projection: { patientId: 1, date: 1 } })
      .limit(limit)
      .toArray();
    return rows.map(({ patientId, date }) => ({ patientId: patientId.toHexString(), date }));
  }

  /** Every patient who has a day document. */
  async patients(): Promise<string[]> {
    const ids = await this.raw.distinct('patientId');
    return ids.map(String).sort();
  }

  /** Removes everything of a patient. */
  async deleteOf(patientId: string): Promise<void> {
    await this.raw.deleteMany({ patientId: oid(patientId) });
  }
}

function sorted(days: StoredDay[]): StoredDay[] {
  return days.sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
}

/** The update that gives a day its content; lastCriticalAt is the one part that may be absent. */
function setContent(content: Omit<Day, 'date'>): Record<string, unknown> {
  const unset = content.lastCriticalAt === undefined ? { $unset: { lastCriticalAt: 1 } } : {};
  return { $set: { ...toDocument(content), dirty: false }, ...unset };
}

/** Instants are stored as dates, ids as ids. */
function toDocument(content: object): Record<string, unknown> {
  const day = content as Partial<Day> & Record<string, unknown>;
  const date = (ms: number | null | undefined): Date | null => (ms === null || ms === undefined ? null : new Date(ms));
  return {
    ...day,
    from: date(day.from),
    to: date(day.to),
    ...(day.latest === undefined
      ? {}
      : {
          latest: {
            glucoseId: day.latest.glucoseId === null ? null : oid(day.latest.glucoseId),
            value: day.latest.value,
            unit: day.latest.unit,
            measuredAt: date(day.latest.measuredAt),
          },
        }),
    ...(day.lastCriticalAt === undefined ? {} : { lastCriticalAt: date(day.lastCriticalAt) }),
  };
}
