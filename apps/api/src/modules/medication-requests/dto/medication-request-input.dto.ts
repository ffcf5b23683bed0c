import { PagingQuery } from '../../../common/paging.dto';
import type { ParsedInstant } from '../../../common/time';
import { Id, IdList, Instant, Int, Num, OneOf, Str } from '../../../common/validation';
import {
  type Answer,
  ANSWERS,
  PREPARATION_DELAYS,
  type PreparationDelay,
  RESPONSE_STATUSES,
  type ResponseStatus,
  URGENCY_LEVELS,
  type UrgencyLevel,
} from '../medication-request.schema';

/** Search radius unless the patient gives another, km. */
export const DEFAULT_RADIUS_KM = 15;

/** Most pharmacies that one request reaches. */
export const MAX_CONTACTED = 20;

/** Body of POST /medication-request. */
export class CreateMedicationRequestBody {
  @Str({ max: 150, example: 'Metformine' })
  medicationName!: string;

  @Str({ max: 100, example: '850 mg' })
  dosage!: string;

  @Int({ min: 1, max: 1_000, example: 2 })
  quantity!: number;

  @Str({ optional: true, max: 100, example: 'comprimés' })
  format?: string;

  @OneOf(URGENCY_LEVELS, { optional: true, default: 'normal' })
  urgencyLevel?: UrgencyLevel;

  @Str({ optional: true, max: 1_000 })
  patientNote?: string;

  @IdList({ optional: true, min: 1, max: MAX_CONTACTED, description: 'Instead of the nearest pharmacies' })
  targetPharmacyIds?: string[];

  @Num({ optional: true, min: -90, max: 90, description: "With patientLongitude; default the account's place" })
  patientLatitude?: number;

  @Num({ optional: true, min: -180, max: 180 })
  patientLongitude?: number;

  @Num({ optional: true, min: 1, max: 50, default: DEFAULT_RADIUS_KM, description: 'km' })
  radiusKm?: number;
}

/** Body of PUT /medication-request/:id/respond. */
export class RespondBody {
  @OneOf(ANSWERS)
  status!: Answer;

  @Id({ optional: true, description: 'The caller' })
  pharmacyId?: string;

  @Num({ optional: true, min: 0, max: 100_000, description: 'Currency units; with accepted or unavailable' })
  indicativePrice?: number;

  @OneOf(PREPARATION_DELAYS, { optional: true, description: 'With accepted or unavailable' })
  preparationDelay?: PreparationDelay;

  @Str({ optional: true, max: 1_000 })
  pharmacyMessage?: string;

  @Instant({ optional: true, description: 'At most 7 days ahead; with accepted or unavailable' })
  pickupDeadline?: ParsedInstant;
}

/** Body of PUT /medication-request/:id/confirm. */
export class ConfirmBody {
  @Id({ description: 'A pharmacy that accepted' })
  selectedPharmacyId!: string;
}

/** Query of a pharmacy's history. */
export class RequestHistoryQuery extends PagingQuery {
  @OneOf(RESPONSE_STATUSES, { optional: true, description: "The pharmacy's own response" })
  status?: ResponseStatus;

  @Instant({ optional: true, description: 'On createdAt, inclusive' })
  startDate?: ParsedInstant;

  @Instant({ optional: true, description: 'On createdAt, inclusive; a bare day is included whole' })
  endDate?: ParsedInstant;

  @Str({ optional: true, max: 150, description: 'Contained in the name, without regard to case and accents' })
  medicationName?: string;
}
