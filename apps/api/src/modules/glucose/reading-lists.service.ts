import { Injectable } from '@nestjs/common';
import { type Actor, AuditTrail, ownScope, type PatientScope } from '../../access';
import { invalidField } from '../../common/errors';
import { type Page, pageOf, pageRequest } from '../../common/pagination';
import { Clock } from '../../common/time';
import { currentContext } from '../../platform/context/request-context';
import type { PatientReadingsQuery, ReadingRangeQuery, ReadingResponse, ReadingsQuery } from './dto/reading.dto';
import { GlucosePatients } from './glucose-patients.service';
import type { Glucose } from './glucose.schema';
import { type PageSpan, pageSpan, ReadingSegments } from './reading-segments.service';
import { toReading } from './reading.mapper';
import { type ReadingFilter, ReadingsRepository } from './readings.repository';

const DAY_MS = 86_400_000;
const MAX_RANGE_DAYS = 92;
const RANGE_CAP = 10_000;

/** Lists of readings. Their totals are read from the day documents: they cost the same however many readings there are. */
@Injectable()
export class ReadingLists {
  constructor(
    private readonly readings: ReadingsRepository,
    private readonly segments: ReadingSegments,
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
    const patient = await this.patients.find(scope.patientId);
    const segments = await this.segments.of(patient, filter);
    const span = pageSpan(segments, (request.page - 1) * request.limit, request.limit, this.clock.now());
    const records = span === null ? [] : await this.records(scope, filter, span, request.limit);
    const total = segments.reduce((sum, { n }) => sum + n, 0);
    return pageOf(records.map(toReading), total, request);
  }

  /** The page, read from the end of its stretch if that holds it: the database sorts whatever lies in the range. */
  private async records(scope: PatientScope, filter: ReadingFilter, span: PageSpan, limit: number): Promise<Glucose[]> {
    const { from, likelyFrom } = span;
    if (likelyFrom > from) {
      const likely = await this.readings.page(scope, filter, { ...span, from: likelyFrom }, limit);
      if (likely.length === limit) return likely;
    }
    return this.readings.page(scope, filter, span, limit);
  }
}
