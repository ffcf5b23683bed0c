import { ApiProperty, ApiPropertyOptional, OmitType } from '@nestjs/swagger';
import { BADGE_LEVELS } from '../../../common/badges';
import { PageResponse } from '../../../common/page-response';
import { PagingQuery } from '../../../common/paging.dto';
import { Bool, Num, Str } from '../../../common/validation';
import { AccountResponse } from '../../users';

/** Query of GET /pharmaciens. */
export class PharmaciesQuery extends PagingQuery {
  @Str({ optional: true, min: 1, max: 150, description: 'Contained in the name, without regard to case and accents' })
  nomPharmacie?: string;

  @Bool({ optional: true })
  isOnDuty?: boolean;
}

/** Query of GET /pharmaciens/search/medicament. */
export class MedicineQuery extends PagingQuery {
  @Str({ max: 150, description: 'Contained in an entry of the inventory, without regard to case and accents' })
  medicament!: string;
}

/** Query of GET /pharmaciens/nearby. */
export class NearbyQuery {
  @Num({ min: -90, max: 90, example: 48.8566 })
  lat!: number;

  @Num({ min: -180, max: 180, example: 2.3522 })
  lng!: number;

  @Num({ optional: true, min: 0.1, max: 100, default: 5, description: 'km' })
  radius?: number;
}

/** A pharmacy's public profile. */
export class PharmacyResponse extends OmitType(AccountResponse, [
  'specialite',
  'anneesExperience',
  'clinique',
  'adresseCabinet',
  'description',
  'tarifConsultation',
  'disponibilite',
  'disponible',
  'locale',
  'dateNaissance',
  'sexe',
  'typeDiabete',
  'glycemicPopulation',
  'groupeSanguin',
  'profilMedical',
  'abonnementPlateforme',
  'listePatients',
  'points',
  'badge',
  'unlockedBadges',
  'totalRequestsReceived',
  'totalRequestsAccepted',
  'totalRequestsDeclined',
  'totalClients',
  'totalRevenue',
  'visibilityRadius',
  'notificationsPush',
  'notificationsEmail',
  'notificationsSMS',
] as const) {}

/** A page of pharmacies. */
export class PharmacyPage extends PageResponse(PharmacyResponse) {}

/** A pharmacy near a place. */
export class NearbyPharmacy {
  @ApiProperty({ type: 'string' })
  _id!: string;

  @ApiProperty({ type: 'string' })
  nomPharmacie!: string;

  @ApiPropertyOptional({ type: 'string' })
  adressePharmacie?: string;

  @ApiPropertyOptional({ type: 'string' })
  telephonePharmacie?: string;

  @ApiProperty({ type: 'number' })
  latitude!: number;

  @ApiProperty({ type: 'number' })
  longitude!: number;

  @ApiProperty({ type: 'number', description: 'Great-circle distance in km, 1 decimal' })
  distance!: number;

  @ApiProperty({ type: 'string', enum: BADGE_LEVELS })
  badgeLevel!: string;

  @ApiProperty({ type: 'number', description: '1 decimal; 0 without reviews' })
  averageRating!: number;

  @ApiProperty({ type: 'integer', description: 'Minutes' })
  averageResponseTime!: number;

  @ApiProperty({ type: 'boolean' })
  isOnDuty!: boolean;

  @ApiProperty({ type: 'string', description: 'Of the running boost, else free' })
  boostType!: string;

  @ApiProperty({ type: 'object', additionalProperties: true })
  workingHours!: Record<string, unknown>;
}
