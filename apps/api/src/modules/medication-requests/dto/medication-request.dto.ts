import { ApiExtraModels, ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { PageResponse } from '../../../common/page-response';
import { GLOBAL_STATUSES, PREPARATION_DELAYS, RESPONSE_STATUSES, URGENCY_LEVELS } from '../medication-request.schema';

/** A pharmacy where a request names it by more than its id; which keys depends on the route. */
export class PharmacyReference {
  @ApiProperty({ type: 'string' })
  _id!: string;

  @ApiProperty({ type: 'string', example: 'Pharmacie du Marché' })
  nomPharmacie!: string;

  @ApiPropertyOptional({ type: 'string' })
  adressePharmacie?: string;

  @ApiPropertyOptional({ type: 'string' })
  telephonePharmacie?: string;
}

/** How the points of a response came about. */
export class PointsBreakdownResponse {
  @ApiProperty({ type: 'integer' })
  basePoints!: number;

  @ApiProperty({ type: 'integer' })
  bonusPoints!: number;

  @ApiProperty({ type: 'string' })
  reason!: string;
}

const PHARMACY_ID_OR_OBJECT = { oneOf: [{ type: 'string' }, { $ref: getSchemaPath(PharmacyReference) }] };
const SELECTED = { oneOf: [{ type: 'string', nullable: true }, { $ref: getSchemaPath(PharmacyReference) }] };

/** One pharmacy's entry in a request. */
@ApiExtraModels(PharmacyReference)
export class PharmacyEntryResponse {
  @ApiProperty({ ...PHARMACY_ID_OR_OBJECT, description: "An object in the patient's own list, else the id" })
  pharmacyId!: string | PharmacyReference;

  @ApiPropertyOptional({ type: 'string' })
  pharmacyName?: string;

  @ApiPropertyOptional({ type: 'string' })
  pharmacyAddress?: string;

  @ApiPropertyOptional({ type: 'array', items: { type: 'number' }, description: '[longitude, latitude]' })
  pharmacyCoordinates?: readonly [number, number];

  @ApiPropertyOptional({ type: 'number', description: 'km, 1 decimal' })
  distanceKm?: number;

  @ApiProperty({ type: 'string', enum: RESPONSE_STATUSES })
  status!: string;

  @ApiPropertyOptional({ type: 'integer', description: 'Whole minutes from creation to response' })
  responseTime?: number;

  @ApiPropertyOptional({ type: 'string', format: 'date-time' })
  respondedAt?: Date;

  @ApiPropertyOptional({ type: 'number', description: 'Currency units' })
  indicativePrice?: number;

  @ApiPropertyOptional({ type: 'string', enum: PREPARATION_DELAYS })
  preparationDelay?: string;

  @ApiPropertyOptional({ type: 'string' })
  pharmacyMessage?: string;

  @ApiPropertyOptional({ type: 'string', format: 'date-time' })
  pickupDeadline?: Date;

  @ApiPropertyOptional({ type: 'integer', description: 'For the pharmacy only' })
  pointsAwarded?: number;

  @ApiPropertyOptional({ type: PointsBreakdownResponse, description: 'For the pharmacy only' })
  pointsBreakdown?: PointsBreakdownResponse;
}

/** GeoJSON point. */
export class RequestPlaceResponse {
  @ApiProperty({ type: 'string', enum: ['Point'] })
  type!: string;

  @ApiProperty({ type: 'array', items: { type: 'number' }, description: '[longitude, latitude]' })
  coordinates!: readonly [number, number];
}

/** A medication request as the caller sees it: all entries for the patient, the own one for a pharmacy. */
@ApiExtraModels(PharmacyReference)
export class MedicationRequestResponse {
  @ApiProperty({ type: 'string' })
  _id!: string;

  @ApiProperty({ type: 'string' })
  patientId!: string;

  @ApiProperty({ type: 'string', example: 'Youssef Benali' })
  patientName!: string;

  @ApiProperty({ type: 'string' })
  medicationName!: string;

  @ApiProperty({ type: 'string' })
  dosage!: string;

  @ApiProperty({ type: 'integer' })
  quantity!: number;

  @ApiPropertyOptional({ type: 'string' })
  format?: string;

  @ApiProperty({ type: 'string', enum: URGENCY_LEVELS })
  urgencyLevel!: string;

  @ApiPropertyOptional({ type: 'string' })
  patientNote?: string;

  @ApiProperty({ type: [PharmacyEntryResponse] })
  pharmacyResponses!: PharmacyEntryResponse[];

  @ApiProperty({ type: 'string', enum: GLOBAL_STATUSES })
  globalStatus!: string;

  @ApiProperty({ ...SELECTED, description: 'An object where a single request or a history is read, else the id' })
  selectedPharmacyId!: string | PharmacyReference | null;

  @ApiProperty({ type: 'boolean' })
  isPickedUp!: boolean;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  pickedUpAt!: Date | null;

  @ApiProperty({ type: 'string', format: 'date-time', description: 'Until then pharmacies may respond' })
  expiresAt!: Date;

  @ApiProperty({ type: 'string', format: 'date-time', description: 'Until then an accepted offer can be taken' })
  confirmationDeadline!: Date;

  @ApiPropertyOptional({ type: RequestPlaceResponse, description: 'For the patient only' })
  patientLocation?: RequestPlaceResponse;

  @ApiPropertyOptional({ type: 'number', description: 'km' })
  requestRadiusKm?: number;

  @ApiProperty({ type: 'string', format: 'date-time' })
  createdAt!: Date;

  @ApiProperty({ type: 'string', format: 'date-time' })
  updatedAt!: Date;
}

/** A pharmacy that was told of a new request. */
export class ContactedPharmacyResponse {
  @ApiProperty({ type: 'string' })
  pharmacyId!: string;

  @ApiProperty({ type: 'string' })
  pharmacyName!: string;

  @ApiPropertyOptional({ type: 'string' })
  pharmacyAddress?: string;

  @ApiProperty({ type: 'number', nullable: true, description: 'km, 1 decimal; null when either place is unknown' })
  distanceKm!: number | null;

  @ApiProperty({ type: 'string', enum: ['pending'] })
  status!: string;

  @ApiPropertyOptional({ type: 'number' })
  latitude?: number;

  @ApiPropertyOptional({ type: 'number' })
  longitude?: number;
}

/** A new request, with whom it reached. */
export class CreatedMedicationRequest extends MedicationRequestResponse {
  @ApiProperty({ type: [ContactedPharmacyResponse] })
  contactedPharmacies!: ContactedPharmacyResponse[];

  @ApiProperty({ type: 'number', nullable: true, description: 'km; null when the patient chose the pharmacies' })
  radiusKm!: number | null;
}

/** Answer of POST /medication-request/patient. */
export class CreatedForPatient {
  @ApiProperty({ type: 'boolean', enum: [true] })
  success!: true;

  @ApiProperty({ type: MedicationRequestResponse })
  request!: MedicationRequestResponse;

  @ApiProperty({ type: [ContactedPharmacyResponse] })
  contactedPharmacies!: ContactedPharmacyResponse[];

  @ApiProperty({ type: 'number', nullable: true })
  radiusKm!: number | null;
}

/** A page of requests. */
export class MedicationRequestPage extends PageResponse(MedicationRequestResponse) {}
