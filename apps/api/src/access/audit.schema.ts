import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';

/** Who did what to whose data. Append-only apart from `count`; never holds a value. */
@Schema({ collection: 'auditevents', versionKey: false })
export class AuditEvent {
  _id!: Types.ObjectId;

  @Prop({ type: Date, required: true })
  at!: Date;

  @Prop({ type: Types.ObjectId })
  actorId?: Types.ObjectId;

  @Prop({ type: String })
  actorRole?: string;

  @Prop({ type: String, required: true })
  action!: string;

  @Prop({ type: Types.ObjectId })
  patientId?: Types.ObjectId;

  @Prop({ type: String, required: true })
  resource!: string;

  @Prop({ type: Types.ObjectId })
  resourceId?: Types.ObjectId;

  @Prop({ type: String, enum: ['success', 'denied'], default: 'success' })
  outcome!: 'success' | 'denied';

  @Prop({ type: Number, default: 1 })
  count!: number;

  /** Equal reads within five minutes meet on this key; the own id of events that stand alone. */
  @Prop({ type: String, required: true })
  coalesceKey!: string;

  @Prop({ type: String })
  ipAddress?: string;

  @Prop({ type: String })
  requestId?: string;

  /** Names of changed fields. */
  @Prop({ type: [String], default: undefined })
  changes?: string[];

  @Prop({ type: String })
  reason?: string;
}

export const AuditEventSchema = SchemaFactory.createForClass(AuditEvent);
AuditEventSchema.index({ patientId: 1, at: -1 }, { name: 'auditevents_patient' });
// A filter of both is answered by an index only where one covers it (decision 14).
AuditEventSchema.index({ patientId: 1, actorId: 1, at: -1 }, { name: 'auditevents_patient_actor' });
AuditEventSchema.index({ actorId: 1, at: -1 }, { name: 'auditevents_actor' });
AuditEventSchema.index({ action: 1, at: -1 }, { name: 'auditevents_action' });
AuditEventSchema.index({ coalesceKey: 1 }, { unique: true, name: 'auditevents_coalesce' });
// Expiry follows AUDIT_RETENTION_DAYS: created with the default here, adjusted at start (see AuditTrail.applyRetention).
AuditEventSchema.index({ at: 1 }, { expireAfterSeconds: 2_190 * 86_400, name: 'auditevents_ttl' });
