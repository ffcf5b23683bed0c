import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';
import {
  ACCOUNT_STATUSES,
  type AccountStatus,
  type BloodGroup,
  type DiabetesType,
  type GlycemicPopulation,
  type Locale,
  type Role,
  ROLES,
  type Sex,
} from '../../common/enums';
import { duplicateKeyMeans } from '../../platform/database';

/** GeoJSON point, `[longitude, latitude]`. */
export interface GeoPoint {
  readonly type: 'Point';
  readonly coordinates: readonly [number, number];
}

/** The patient's medical profile; its fields and ranges stand in contract 20 section 3.2. */
export type MedicalProfile = Readonly<Record<string, unknown>>;

/**
 * An account of any role. Fields of one role are absent for the others; which a role may have is decided by the
 * registration and patch DTOs, and shown by `account.mapper`.
 */
@Schema({ collection: 'users', timestamps: true, minimize: false })
export class Account {
  _id!: Types.ObjectId;
  __v!: number;
  createdAt!: Date;
  updatedAt!: Date;

  @Prop({ type: String, enum: ROLES, required: true })
  role!: Role;

  @Prop({ type: String, required: true })
  nom!: string;

  @Prop({ type: String, required: true })
  prenom!: string;

  @Prop({ type: String, required: true, lowercase: true })
  email!: string;

  /** argon2id or legacy bcrypt; absent for Google and invited accounts. */
  @Prop({ type: String })
  motDePasse?: string;

  @Prop({ type: String })
  telephone?: string;

  @Prop({ type: String })
  photoProfil?: string;

  @Prop({ type: String, enum: ACCOUNT_STATUSES, default: 'ACTIF' })
  statutCompte!: AccountStatus;

  @Prop({ type: String, default: 'UTC' })
  timeZone!: string;

  @Prop({ type: String, default: 'en' })
  locale!: Locale;

  /** nom, prenom, email (and nomPharmacie), folded: what "contains" searches look in. */
  @Prop({ type: String, default: '' })
  searchText!: string;

  @Prop({ type: String })
  googleSubject?: string;

  @Prop({ type: Date })
  emailVerifiedAt?: Date;

  /** Tombstone of an erased account. */
  @Prop({ type: Date })
  deletedAt?: Date;

  @Prop({ type: Boolean })
  isSuggested?: boolean;

  @Prop({ type: String })
  boostType?: string;

  @Prop({ type: Date })
  boostActivatedAt?: Date;

  @Prop({ type: Date })
  boostExpiresAt?: Date;

  // PATIENT
  @Prop({ type: Date })
  dateNaissance?: Date;

  @Prop({ type: String })
  sexe?: Sex;

  @Prop({ type: String })
  typeDiabete?: DiabetesType;

  @Prop({ type: String })
  glycemicPopulation?: GlycemicPopulation;

  /** Set by a change of zone, unset once the glucose days follow it. Internal. */
  @Prop({ type: Date })
  rezoneAt?: Date;

  @Prop({ type: String })
  groupeSanguin?: BloodGroup;

  @Prop({ type: Object })
  profilMedical?: MedicalProfile;

  // PATIENT, PHARMACIEN
  @Prop({ type: Object })
  location?: GeoPoint;

  @Prop({ type: Number })
  latitude?: number;

  @Prop({ type: Number })
  longitude?: number;

  // MEDECIN, PHARMACIEN
  @Prop({ type: String })
  numeroOrdre?: string;

  @Prop({ type: Number })
  noteMoyenne?: number;

  @Prop({ type: Number })
  nombreNotes?: number;

  /** Sum of the notes in tenths: the mean stays exact. Internal. */
  @Prop({ type: Number })
  noteTenths?: number;

  // MEDECIN
  @Prop({ type: String })
  specialite?: string;

  @Prop({ type: Number })
  anneesExperience?: number;

  @Prop({ type: String })
  clinique?: string;

  @Prop({ type: String })
  adresseCabinet?: string;

  @Prop({ type: String })
  description?: string;

  @Prop({ type: Number })
  tarifConsultation?: number;

  @Prop({ type: Object })
  disponibilite?: Record<string, unknown>;

  @Prop({ type: String })
  abonnementPlateforme?: string;

  @Prop({ type: Boolean })
  disponible?: boolean;

  // PHARMACIEN
  @Prop({ type: String })
  nomPharmacie?: string;

  @Prop({ type: String })
  adressePharmacie?: string;

  @Prop({ type: String })
  telephonePharmacie?: string;

  @Prop({ type: Object })
  horaires?: Record<string, unknown>;

  @Prop({ type: [String], default: undefined })
  servicesProposes?: string[];

  @Prop({ type: [String], default: undefined })
  listeMedicamentsDisponibles?: string[];

  @Prop({ type: [String], default: undefined })
  medicamentsFolded?: string[];

  @Prop({ type: String })
  profileImage?: string;

  /** Opening hours by day of the week, in the pharmacy's zone. */
  @Prop({ type: Object })
  workingHours?: Record<string, unknown>;

  @Prop({ type: Boolean })
  isOnDuty?: boolean;

  @Prop({ type: Number })
  visibilityRadius?: number;

  @Prop({ type: Boolean })
  notificationsPush?: boolean;

  @Prop({ type: Boolean })
  notificationsEmail?: boolean;

  @Prop({ type: Boolean })
  notificationsSMS?: boolean;

  /** The next thirteen are written by `modules/activities` together with what they count. */
  @Prop({ type: Number })
  points?: number;

  @Prop({ type: String })
  badgeLevel?: string;

  @Prop({ type: [String], default: undefined })
  unlockedBadges?: string[];

  @Prop({ type: Number })
  averageRating?: number;

  @Prop({ type: Number })
  totalReviews?: number;

  /** Rounded mean in whole minutes. */
  @Prop({ type: Number })
  averageResponseTime?: number;

  @Prop({ type: Number })
  totalRequestsReceived?: number;

  @Prop({ type: Number })
  totalRequestsAccepted?: number;

  @Prop({ type: Number })
  totalRequestsDeclined?: number;

  @Prop({ type: Number })
  totalClients?: number;

  @Prop({ type: Number })
  totalRevenue?: number;

  /** Whole minutes; internal. */
  @Prop({ type: Number })
  responseTimeSum?: number;

  /** Internal. */
  @Prop({ type: Number })
  responseCount?: number;
}

export const AccountSchema = SchemaFactory.createForClass(Account);

const EXISTS = { $exists: true } as const;
AccountSchema.index({ email: 1 }, { unique: true, name: 'users_email' });
AccountSchema.index(
  { role: 1, numeroOrdre: 1 },
  { unique: true, name: 'users_numero_ordre', partialFilterExpression: { numeroOrdre: EXISTS } },
);
// Sparse and not partial: the embedded engine answers equality from the one and scans for the other (decision 14).
AccountSchema.index({ googleSubject: 1 }, { unique: true, sparse: true, name: 'users_google' });
AccountSchema.index({ role: 1, statutCompte: 1, createdAt: -1, _id: -1 }, { name: 'users_role_status' });
AccountSchema.index(
  { role: 1, statutCompte: 1, noteMoyenne: -1, createdAt: -1, _id: -1 },
  { name: 'users_professionals', partialFilterExpression: { role: { $in: ['MEDECIN', 'PHARMACIEN'] } } },
);
AccountSchema.index(
  { role: 1, typeDiabete: 1, createdAt: -1 },
  { name: 'users_diabetes_type', partialFilterExpression: { role: 'PATIENT' } },
);
AccountSchema.index(
  { nomPharmacie: 1 },
  { name: 'users_pharmacy_name', partialFilterExpression: { role: 'PHARMACIEN' } },
);
AccountSchema.index({ specialite: 1 }, { name: 'users_specialty', partialFilterExpression: { role: 'MEDECIN' } });
AccountSchema.index(
  { medicamentsFolded: 1 },
  { name: 'users_medicines', partialFilterExpression: { role: 'PHARMACIEN' } },
);
// Sparse for the same reason as googleSubject.
AccountSchema.index({ rezoneAt: 1 }, { name: 'users_rezone', sparse: true });
AccountSchema.index(
  { role: 1, points: -1 },
  { name: 'users_ranking', partialFilterExpression: { role: 'PHARMACIEN' } },
);
AccountSchema.index({ location: '2dsphere' }, { name: 'users_location', sparse: true });

duplicateKeyMeans('users_email', 'EMAIL_TAKEN');
duplicateKeyMeans('users_numero_ordre', 'NUMERO_ORDRE_TAKEN');
