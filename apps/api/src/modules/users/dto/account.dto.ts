import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { BADGE_LEVELS, DISPLAY_BADGES } from '../../../common/badges';
import {
  ACCOUNT_STATUSES,
  BLOOD_GROUPS,
  DIABETES_TYPES,
  GLYCEMIC_POPULATIONS,
  LOCALES,
  ROLES,
  SEXES,
} from '../../../common/enums';

/** GeoJSON point. */
export class PointResponse {
  @ApiProperty({ type: 'string', enum: ['Point'] })
  type!: 'Point';

  @ApiProperty({
    type: 'array',
    items: { type: 'number' },
    minItems: 2,
    maxItems: 2,
    description: '[longitude, latitude]',
    example: [2.3522, 48.8566],
  })
  coordinates!: number[];
}

/** `S`: what a list says of a person. */
export class UserSummaryResponse {
  @ApiProperty({ type: 'string', example: '507f1f77bcf86cd799439030' })
  _id!: string;

  @ApiProperty({ type: 'string', enum: ROLES })
  role!: string;

  @ApiProperty({ type: 'string', example: 'Benali' })
  nom!: string;

  @ApiProperty({ type: 'string', example: 'Youssef' })
  prenom!: string;

  @ApiPropertyOptional({ type: 'string', format: 'email' })
  email?: string;

  @ApiPropertyOptional({ type: 'string' })
  telephone?: string;

  @ApiPropertyOptional({ type: 'string' })
  specialite?: string;

  @ApiPropertyOptional({ type: 'string' })
  nomPharmacie?: string;
}

/** Fields that accounts of every role show. */
class AccountBase {
  @ApiProperty({ type: 'string', example: '507f1f77bcf86cd799439030' })
  _id!: string;

  @ApiProperty({ type: 'string', enum: ROLES })
  role!: string;

  @ApiProperty({ type: 'string', example: 'Moreau' })
  nom!: string;

  @ApiProperty({ type: 'string', example: 'Élodie' })
  prenom!: string;

  @ApiPropertyOptional({ type: 'string', format: 'email' })
  email?: string;

  @ApiPropertyOptional({ type: 'string' })
  telephone?: string;

  @ApiPropertyOptional({ type: 'string', description: 'https URL, or (details only) a data URL' })
  photoProfil?: string;

  @ApiPropertyOptional({ type: 'string', enum: ACCOUNT_STATUSES })
  statutCompte?: string;

  @ApiPropertyOptional({ type: 'string', example: 'Europe/Paris' })
  timeZone?: string;

  @ApiProperty({ type: 'string', format: 'date-time' })
  createdAt!: Date;

  @ApiProperty({ type: 'string', format: 'date-time' })
  updatedAt!: Date;
}

/** A doctor's public profile. */
export class DoctorResponse extends AccountBase {
  @ApiPropertyOptional({ type: 'string', example: 'Endocrinologie' })
  specialite?: string;

  @ApiPropertyOptional({ type: 'string' })
  numeroOrdre?: string;

  @ApiPropertyOptional({ type: 'number' })
  anneesExperience?: number;

  @ApiPropertyOptional({ type: 'string' })
  clinique?: string;

  @ApiPropertyOptional({ type: 'string' })
  adresseCabinet?: string;

  @ApiPropertyOptional({ type: 'string' })
  description?: string;

  @ApiPropertyOptional({ type: 'number', description: 'In the currency of the deployment' })
  tarifConsultation?: number;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  disponibilite?: Record<string, unknown>;

  @ApiPropertyOptional({ type: 'boolean' })
  disponible?: boolean;

  @ApiPropertyOptional({ type: 'number', description: 'Mean of the notes, 1 decimal; 0 without notes' })
  noteMoyenne?: number;

  @ApiPropertyOptional({ type: 'integer' })
  nombreNotes?: number;
}

/** The private view of an account: fields of its role only. */
export class AccountResponse extends DoctorResponse {
  @ApiPropertyOptional({ type: 'string', enum: LOCALES })
  locale?: string;

  @ApiPropertyOptional({ type: 'string', format: 'date-time', description: 'PATIENT; a day, at midnight UTC' })
  dateNaissance?: Date;

  @ApiPropertyOptional({ type: 'string', enum: SEXES })
  sexe?: string;

  @ApiPropertyOptional({ type: 'string', enum: DIABETES_TYPES })
  typeDiabete?: string;

  @ApiPropertyOptional({ type: 'string', enum: GLYCEMIC_POPULATIONS })
  glycemicPopulation?: string;

  @ApiPropertyOptional({ type: 'string', enum: BLOOD_GROUPS })
  groupeSanguin?: string;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true, description: 'PATIENT' })
  profilMedical?: Record<string, unknown>;

  @ApiPropertyOptional({ type: 'number' })
  latitude?: number;

  @ApiPropertyOptional({ type: 'number' })
  longitude?: number;

  @ApiPropertyOptional({ type: PointResponse })
  location?: PointResponse;

  @ApiPropertyOptional({ type: 'string', description: 'MEDECIN' })
  abonnementPlateforme?: string;

  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'string' },
    description: 'MEDECIN: ids of patients with an active link',
  })
  listePatients?: string[];

  @ApiPropertyOptional({ type: 'string', description: 'PHARMACIEN' })
  nomPharmacie?: string;

  @ApiPropertyOptional({ type: 'string' })
  adressePharmacie?: string;

  @ApiPropertyOptional({ type: 'string' })
  telephonePharmacie?: string;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  horaires?: Record<string, unknown>;

  @ApiPropertyOptional({ type: 'array', items: { type: 'string' } })
  servicesProposes?: string[];

  @ApiPropertyOptional({ type: 'array', items: { type: 'string' } })
  listeMedicamentsDisponibles?: string[];

  @ApiPropertyOptional({ type: 'string', description: 'https URL, or (details only) a data URL' })
  profileImage?: string;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true, description: 'PHARMACIEN: hours by day' })
  workingHours?: Record<string, unknown>;

  @ApiPropertyOptional({ type: 'boolean' })
  isOnDuty?: boolean;

  @ApiPropertyOptional({ type: 'number', description: 'Mean of reviews and ratings, 1 decimal; 0 without any' })
  averageRating?: number;

  @ApiPropertyOptional({ type: 'integer' })
  totalReviews?: number;

  @ApiPropertyOptional({ type: 'integer', description: 'Minutes' })
  averageResponseTime?: number;

  @ApiPropertyOptional({ type: 'string', enum: BADGE_LEVELS })
  badgeLevel?: string;

  @ApiPropertyOptional({ type: 'string', description: 'Of the running boost, else free' })
  boostType?: string;

  @ApiPropertyOptional({ type: 'string', format: 'date-time', description: 'While a boost runs' })
  boostExpiresAt?: Date;

  @ApiPropertyOptional({ type: 'integer' })
  points?: number;

  @ApiPropertyOptional({ type: 'string', enum: DISPLAY_BADGES })
  badge?: string;

  @ApiPropertyOptional({ type: 'array', items: { type: 'string' } })
  unlockedBadges?: string[];

  @ApiPropertyOptional({ type: 'integer' })
  totalRequestsReceived?: number;

  @ApiPropertyOptional({ type: 'integer' })
  totalRequestsAccepted?: number;

  @ApiPropertyOptional({ type: 'integer', description: 'Unavailable and declined' })
  totalRequestsDeclined?: number;

  @ApiPropertyOptional({ type: 'integer' })
  totalClients?: number;

  @ApiPropertyOptional({ type: 'number', description: 'In the currency of the deployment' })
  totalRevenue?: number;

  @ApiPropertyOptional({ type: 'integer', description: 'km; kept for clients' })
  visibilityRadius?: number;

  @ApiPropertyOptional({ type: 'boolean' })
  notificationsPush?: boolean;

  @ApiPropertyOptional({ type: 'boolean' })
  notificationsEmail?: boolean;

  @ApiPropertyOptional({ type: 'boolean' })
  notificationsSMS?: boolean;
}

/** A private view after a PATCH; with tokens when the password changed. */
export class PatchedAccountResponse extends AccountResponse {
  @ApiPropertyOptional({ type: 'string', description: 'After a change of password' })
  accessToken?: string;

  @ApiPropertyOptional({ type: 'string' })
  refreshToken?: string;

  @ApiPropertyOptional({ type: 'integer', description: 'Seconds' })
  expiresIn?: number;
}
