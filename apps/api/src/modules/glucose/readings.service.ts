import { Injectable } from '@nestjs/common';
import { type Actor, ownScope } from '../../access';
import { AppError } from '../../common/errors';
import { Clock } from '../../common/time';
import { type Tx, UnitOfWork } from '../../platform/database';
import { assertVersion, demandedVersion, showsVersion } from '../../platform/http';
import type { ReadingBody, ReadingPatch, ReadingResponse } from './dto/reading.dto';
import { emitCorrected } from './glucose.events';
import type { Glucose } from './glucose.schema';
import { intervalOf } from './interval.policy';
import { toReading } from './reading.mapper';
import { dedupeKeyOf, judgeReading, kindOf, type ReadingInput } from './reading.policy';
import { patchedReading } from './reading-patch.policy';
import { ReadingWrites } from './reading-writes.service';
import { ReadingsRepository } from './readings.repository';

const MAX_ATTEMPTS = 8;
const NO_BATCH: ReadonlyMap<string, number> = new Map();

/** In this process, writes of one patient's readings wait for each other. */
export function glucoseLane(patientId: string): string {
  return `glucose:${patientId}`;
}

/** Single readings: stored, changed, deleted. */
@Injectable()
export class ReadingsService {
  constructor(
    private readonly readings: ReadingsRepository,
    private readonly writes: ReadingWrites,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /**
   * Stores a reading. One of a device that is stored already is answered as it is.
   * @throws AppError GLUCOSE_OUT_OF_RANGE, MEASURED_AT_IN_FUTURE, GLUCOSE_DUPLICATE, VALIDATION_FAILED
   */
  async create(actor: Actor, body: ReadingBody): Promise<ReadingResponse> {
    const now = this.clock.now();
    const input = judgeReading(body, now);
    return this.work.respond(
      async (tx) => {
        if (input.source !== 'manual') {
          const same = (await this.readings.atInstant(tx, actor.id, input.measuredAt)).find(
            (stored) => dedupeKeyOf(stored) === dedupeKeyOf(input),
          );
          if (same !== undefined) return repeated(same, input);
        }
        const interval = kindOf(input) === 'cgm' ? await this.intervalOf(tx, actor.id, input) : null;
        const stored = await this.writes.insert(
          tx,
          actor.id,
          {
            ...input,
            ...(input.source === 'manual' ? {} : { dedupeKey: dedupeKeyOf(input) }),
            ...(interval === null ? {} : { interval }),
          },
          now,
        );
        showsVersion(stored.__v);
        return toReading(stored);
      },
      { lanes: [glucoseLane(actor.id)] },
    );
  }

  /** Sampling interval in force, minutes. */
  private async intervalOf(tx: Tx, patientId: string, input: ReadingInput): Promise<number> {
    const isGiven = input.intervalMinutes !== undefined;
    const latest = isGiven ? null : await this.readings.latestInterval(patientId, input.measuredAt, tx);
    return intervalOf(input, NO_BATCH, latest);
  }

  /** @throws AppError NOT_FOUND for everybody but its patient */
  async get(actor: Actor, id: string): Promise<ReadingResponse> {
    const stored = await this.find(actor, id);
    showsVersion(stored.__v);
    return toReading(stored);
  }

  /**
   * Changes a reading; the unit alone re-reads the same number.
   * @throws AppError NOT_FOUND, PRECONDITION_FAILED, GLUCOSE_OUT_OF_RANGE, MEASURED_AT_IN_FUTURE, GLUCOSE_DUPLICATE
   */
  async update(actor: Actor, id: string, patch: ReadingPatch): Promise<ReadingResponse> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const stored = await this.find(actor, id);
      assertVersion(stored.__v);
      const now = this.clock.now();
      const changed = patchedReading(stored, patch, now);
      const result = changed === null ? stored : await this.replace(stored, changed);
      if (result !== null) {
        showsVersion(result.__v);
        return toReading(result);
      }
      if (demandedVersion() !== null) throw new AppError('PRECONDITION_FAILED');
    }
    throw new AppError('CONCURRENT_UPDATE');
  }

  private async replace(stored: Glucose, changed: Glucose): Promise<Glucose | null> {
    const patientId = stored.patientId.toHexString();
    return this.work.run(
      async (tx) => {
        if (changed.source !== 'manual' && changed.measuredAt.getTime() !== stored.measuredAt.getTime()) {
          const others = await this.readings.atInstant(tx, patientId, changed.measuredAt);
          if (others.some((other) => !other._id.equals(stored._id) && dedupeKeyOf(other) === dedupeKeyOf(changed)))
            throw new AppError('GLUCOSE_DUPLICATE');
        }
        const replaced = await this.readings.replace(tx, stored, changed);
        if (replaced === null) return null;
        await this.writes.touch(tx, patientId, [stored.measuredAt, changed.measuredAt]);
        emitCorrected(tx, replaced, false);
        return replaced;
      },
      { lanes: [glucoseLane(patientId)] },
    );
  }

  /** @throws AppError NOT_FOUND */
  async remove(actor: Actor, id: string): Promise<{ message: string }> {
    // Read in the transaction: whoever changes it meanwhile conflicts, and the deletion is run again on what it is then.
    await this.work.run(
      async (tx) => {
        const stored = await this.readings.find(ownScope(actor), id, tx);
        if (stored === null || !(await this.readings.delete(tx, stored))) throw new AppError('NOT_FOUND');
        await this.writes.touch(tx, actor.id, [stored.measuredAt]);
        emitCorrected(tx, stored, true);
      },
      { lanes: [glucoseLane(actor.id)] },
    );
    return { message: 'Glucose reading deleted successfully' };
  }

  private async find(actor: Actor, id: string): Promise<Glucose> {
    const stored = await this.readings.find(ownScope(actor), id);
    if (stored === null) throw new AppError('NOT_FOUND');
    return stored;
  }
}

/** A repeated upload is answered with what is stored; another value at the same instant is a contradiction. */
function repeated(stored: Glucose, input: ReadingInput): ReadingResponse {
  if (stored.value !== input.value || stored.unit !== input.unit) throw new AppError('GLUCOSE_DUPLICATE');
  showsVersion(stored.__v);
  return toReading(stored);
}
