import { Injectable } from '@nestjs/common';
import type { Actor } from '../../access';
import { invalidField } from '../../common/errors';
import { Clock } from '../../common/time';
import { currentContext } from '../../platform/context/request-context';
import { type Tx, UnitOfWork } from '../../platform/database';
import { UploadDays, type UploadSpan } from './days/upload-days.service';
import { judgeItem, type JudgedItem } from './bulk-item';
import { type BulkResponse, type BulkResult, MAX_BULK } from './dto/bulk.dto';
import { batchIntervals, intervalOf } from './interval.policy';
import { dedupeKeyOf, kindOf, type ReadingInput } from './reading.policy';
import { ReadingWrites, type ReadingToStore } from './reading-writes.service';
import { ReadingsRepository } from './readings.repository';
import { glucoseLane } from './readings.service';

/** An accepted element that is not stored yet. */
interface Fresh {
  readonly index: number;
  readonly key: string;
  readonly input: ReadingInput;
}

/** What a bulk call stores. */
interface Upload {
  readonly accepted: readonly Fresh[];
  readonly fresh: readonly Fresh[];
  readonly span: UploadSpan;
  readonly now: Date;
}

/** Many readings at once: judged one by one, stored together. */
@Injectable()
export class BulkService {
  constructor(
    private readonly readings: ReadingsRepository,
    private readonly writes: ReadingWrites,
    private readonly uploads: UploadDays,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /**
   * Stores the readings that are valid and new. Repeating a call inserts nothing; equal calls at once insert each
   * reading once (contract 30 section 2.3).
   * @throws AppError VALIDATION_FAILED for the envelope only
   */
  async store(actor: Actor, body: unknown): Promise<BulkResponse> {
    const items = itemsOf(body);
    const now = this.clock.now();
    const locale = currentContext()?.locale ?? 'en';
    const judged = items.map((item) => judgeItem(item, now, locale));
    return this.work.respond((tx) => this.storeJudged(tx, actor.id, judged, now), { lanes: [glucoseLane(actor.id)] });
  }

  private async storeJudged(
    tx: Tx,
    patientId: string,
    judged: readonly JudgedItem[],
    now: Date,
  ): Promise<BulkResponse> {
    const accepted = judged.flatMap((item, index) =>
      'input' in item ? [{ index, key: dedupeKeyOf(item.input), input: item.input }] : [],
    );
    if (accepted.length === 0) return answer(judged, accepted, new Set(), new Map());
    const span = await this.uploads.read(
      tx,
      patientId,
      accepted.map(({ input }) => input.measuredAt),
    );
    const idOfKey = await this.storedKeys(tx, patientId, accepted, span);
    const fresh: Fresh[] = [];
    const seen = new Set(idOfKey.keys());
    for (const item of accepted) {
      if (seen.has(item.key)) continue;
      seen.add(item.key);
      fresh.push(item);
    }
    const stored = await this.insert(tx, patientId, { accepted, fresh, span, now });
    fresh.forEach(({ key }, place) => {
      const id = stored[place]?._id.toHexString();
      if (id !== undefined) idOfKey.set(key, id);
    });
    return answer(judged, accepted, new Set(fresh.map(({ index }) => index)), idOfKey);
  }

  /** Ids of stored readings by the key that a repetition of them has. */
  private async storedKeys(
    tx: Tx,
    patientId: string,
    accepted: readonly Fresh[],
    { before }: UploadSpan,
  ): Promise<Map<string, string>> {
    if (before !== null)
      return keysOf(before.map(({ id, t, source, kind }) => [id, dedupeKeyOf({ source, kind, measuredAt: t })]));
    const instants = accepted.map(({ input }) => input.measuredAt);
    const stored = await this.readings.atInstants(tx, patientId, instants);
    return keysOf(stored.map((reading) => [reading._id.toHexString(), dedupeKeyOf(reading)]));
  }

  private async insert(tx: Tx, patientId: string, { accepted, fresh, span, now }: Upload) {
    if (fresh.length === 0) return [];
    const unsaid = fresh.filter(({ input }) => kindOf(input) === 'cgm' && input.intervalMinutes === undefined);
    // What the batch shows is looked for only where an element does not say it itself.
    const cgm = unsaid.length === 0 ? [] : accepted.filter(({ input }) => kindOf(input) === 'cgm');
    const intervals = batchIntervals(cgm.map(({ input }) => input));
    const latest = await this.latestIntervals(tx, patientId, unsaid, intervals);
    const readings = fresh.map(({ input, key }): ReadingToStore =>
      kindOf(input) === 'cgm'
        ? { ...input, dedupeKey: key, interval: intervalOf(input, intervals, latest) }
        : { ...input, dedupeKey: key },
    );
    return this.writes.upload(tx, patientId, readings, now, span);
  }

  /** The interval in force before the call, where neither the element nor the batch says one. */
  private async latestIntervals(
    tx: Tx,
    patientId: string,
    unsaid: readonly Fresh[],
    intervals: ReadonlyMap<string, number>,
  ): Promise<number | null> {
    const open = unsaid.filter(({ input }) => !intervals.has(input.deviceId ?? ''));
    const last = open.reduce<Date | null>(
      (newest, { input }) => (newest === null || input.measuredAt > newest ? input.measuredAt : newest),
      null,
    );
    return last === null ? null : this.readings.latestInterval(patientId, last, tx);
  }
}

/** The elements of the envelope, or of the bare array. @throws AppError VALIDATION_FAILED */
function itemsOf(body: unknown): readonly unknown[] {
  const list = Array.isArray(body) ? body : (body as { readings?: unknown } | null)?.readings;
  if (!Array.isArray(body) && typeof body === 'object' && body !== null) {
    if (Object.keys(body).some((key) => key !== 'readings'))
      throw invalidField('body', 'unknown', 'may have the key readings only', 'ne peut avoir que la clé readings');
  }
  if (!Array.isArray(list) || list.length < 1 || list.length > MAX_BULK)
    throw invalidField(
      'readings',
      'list',
      `must be a list of 1 to ${MAX_BULK} elements`,
      `doit être une liste de 1 à ${MAX_BULK} éléments`,
    );
  return list;
}

/** Ids by key; the first of several counts. */
function keysOf(stored: readonly (readonly [id: string, key: string])[]): Map<string, string> {
  const ids = new Map<string, string>();
  for (const [id, key] of stored) if (!ids.has(key)) ids.set(key, id);
  return ids;
}

function answer(
  judged: readonly JudgedItem[],
  accepted: readonly Fresh[],
  inserted: ReadonlySet<number>,
  idOfKey: ReadonlyMap<string, string>,
): BulkResponse {
  const keyOfIndex = new Map(accepted.map(({ index, key }) => [index, key]));
  const results = judged.map((item, index): BulkResult => {
    if ('rejection' in item) return { index, status: 'rejected', ...item.rejection };
    const _id = idOfKey.get(keyOfIndex.get(index) ?? '');
    return { index, status: inserted.has(index) ? 'inserted' : 'duplicate', ...(_id === undefined ? {} : { _id }) };
  });
  const count = (status: BulkResult['status']): number => results.filter((result) => result.status === status).length;
  return { inserted: inserted.size, duplicates: count('duplicate'), rejected: count('rejected'), results };
}
