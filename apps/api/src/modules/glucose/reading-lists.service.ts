import { dayStart } from '@diabcare/glycemia';
import { Injectable } from '@nestjs/common';
import { type Actor, AuditTrail, ownScope, type PatientScope } from '../../access';
import { invalidField } from '../../common/errors';
import { type Page, pageOf, pageRequest } from '../../common/pagination';
import { Clock } from '../../common/time';
import { currentContext } from '../../platform/context/request-context';
import { dateOf, nextDate } from './days/dates';
import type { PatientReadingsQuery, ReadingRangeQuery, ReadingResponse, ReadingsQuery } from './dto/reading.dto';
import { GlucosePatients, type GlucosePatient } from './glucose-patients.service';
import { toReading } from './reading.mapper';
import { ReadingTotals } from './reading-totals.service';
import { type ReadingFilter, ReadingsRepository } from './readings.repository';

const DAY_MS = 86_400_000;
const MAX_RANGE_DAYS = 92;
const RANGE_CAP = 10_000;

/** Lists of readings. Their totals are read from the day documents: they cost the same however many readings there are. */
@Injectable()
export class ReadingLists {
  constructor(
    private readonly readings: ReadingsRepository,
    private readonly totals: ReadingTotals,
    private readonly patients: GlucosePatients,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** The caller's own readings, newest first. */
  async own(actor: Actor, query: ReadingsQuery): Promise<Page<ReadingResponse>> {
    return this.page(ownScope(actor), query);
  }

  /** A linked doctor's view; each look is recorded. */
  async ofPatient(scope: PatientScope, query: PatientReadingsQuery): Promise<Page<ReadingResponse>> {
    const [page] = await Promise.all([
      this.page(scope, query),
      this.audit.recordRead(scope.actor, scope.patientId, 'glucose.read', 'glucose'),
    ]);
    return page;
  }

  /** All readings of a range, newest first; the newest 10,000 of a longer one. @throws AppError VALIDATION_FAILED */
  async range(actor: Actor, query: ReadingRangeQuery): Promise<ReadingResponse[]> {
    const [start, end] = [query.start.date, query.end.date];
    if (end < start) throw invalidField('end', 'order', 'must not be before start', 'ne doit pas précéder start');
    if (end.getTime() - start.getTime() > MAX_RANGE_DAYS * DAY_MS)
      throw invalidField(
        'end',
        'range',
        'must be at most 92 days after start',
        'doit suivre start de 92 jours au plus',
      );
    const found = await this.readings.newestBetween(ownScope(actor), start, end, RANGE_CAP + 1);
    const context = currentContext();
    if (context !== undefined && found.length > RANGE_CAP) context.truncated = true;
    return found.slice(0, RANGE_CAP).map(toReading);
  }

  private async page(scope: PatientScope, query: ReadingsQuery): Promise<Page<ReadingResponse>> {
    const request = pageRequest(query);
    const filter: ReadingFilter = {
      start: query.start?.date ?? null,
      end: query.end?.date ?? null,
      period: query.period ?? null,
      source: query.source ?? null,
    };
    const skip = (request.page - 1) * request.limit;
    if (filter.start !== null && filter.end !== null && filter.start > filter.end) return pageOf([], 0, request);
    const patient = await this.patients.find(scope.patientId);
    const [records, total] = await Promise.all([
      this.readings.page(scope, filter, skip, request.limit, this.clock.now()),
      this.total(patient, filter),
    ]);
    return pageOf(records.map(toReading), total, request);
  }

  /** Whole days by their documents, the part days at both ends by index keys (contract 30 section 2.2). */
  private async total(patient: GlucosePatient, filter: ReadingFilter): Promise<number> {
    const { id, zone, rezoning } = patient;
    if (rezoning) return this.readings.count(id, filter);
    const { start, end } = filter;
    const first = start === null ? null : wholeFrom(start, zone);
    const last = end === null ? null : wholeUntil(end, zone);
    if (first !== null && last !== null && first > last) return this.readings.count(id, filter);
    const parts: Promise<number>[] = [this.totals.ofDays(patient, first, last, filter)];
    if (start !== null && first !== null) {
      const until = dayStart(first, zone) - 1;
      if (until >= start.getTime()) parts.push(this.readings.count(id, { ...filter, end: new Date(until) }));
    }
    if (end !== null && last !== null) {
      const from = dayStart(nextDate(last, 1), zone);
      if (from <= end.getTime()) parts.push(this.readings.count(id, { ...filter, start: new Date(from) }));
    }
    return (await Promise.all(parts)).reduce((total, part) => total + part, 0);
  }
}

/** The first local day that lies wholly at or after an instant. */
function wholeFrom(start: Date, zone: string): string {
  const date = dateOf(start, zone);
  return dayStart(date, zone) === start.getTime() ? date : nextDate(date, 1);
}

/** The last local day that lies wholly at or before an instant. */
function wholeUntil(end: Date, zone: string): string {
  const date = dateOf(end, zone);
  return dayStart(nextDate(date, 1), zone) - 1 === end.getTime() ? date : nextDate(date, -1);
}
