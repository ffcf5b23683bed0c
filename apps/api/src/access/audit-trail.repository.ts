import { Inject, Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { Role } from '../common/enums';
import { Clock } from '../common/time';
import { APP_CONFIG, type AppConfig } from '../config/app-config';
import { currentContext } from '../platform/context/request-context';
import { isDuplicateKey, newId, oid, type Tx } from '../platform/database';
import type { Actor } from './actor';
import { AuditEvent } from './audit.schema';

/** The actions of contract 10 section 8. */
export type AuditAction =
  | 'auth.login'
  | 'auth.login_failed'
  | 'auth.logout'
  | 'auth.session_revoked'
  | 'auth.password_changed'
  | 'auth.password_reset'
  | 'auth.token_reuse'
  | 'user.created'
  | 'user.updated'
  | 'user.email_changed'
  | 'user.status_changed'
  | 'user.read'
  | 'user.exported'
  | 'user.erased'
  | 'patient.read'
  | 'patient.updated'
  | 'glucose.read'
  | 'analytics.read'
  | 'appointment.read'
  | 'request.read'
  | 'link.created'
  | 'link.ended'
  | 'access.enabled'
  | 'access.disabled'
  | 'review.deleted'
  | 'alert_settings.updated';

/** What to record. */
export interface AuditRecord {
  readonly action: AuditAction;
  readonly actor: { readonly id: string; readonly role: Role } | null;
  readonly resource: string;
  readonly resourceId?: string;
  readonly patientId?: string;
  readonly outcome?: 'success' | 'denied';
  readonly changes?: readonly string[];
  readonly reason?: string;
}

const COALESCE_MS = 5 * 60_000;
const DAY_SECONDS = 86_400;

/** Writes the audit log. Changes are recorded in their own transaction; reads as part of answering them. */
@Injectable()
export class AuditTrail {
  constructor(
    @InjectModel(AuditEvent.name) private readonly events: Model<AuditEvent>,
    private readonly clock: Clock,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /** Records one event; with `tx`, together with the change. */
  async record(record: AuditRecord, tx?: Tx): Promise<void> {
    const _id = newId();
    const document = { _id, coalesceKey: _id.toHexString(), ...this.document(record) };
    await this.events.collection.insertOne(document, tx === undefined ? {} : { session: tx.session });
  }

  /**
   * Records that somebody read a patient's data. Equal reads by one actor within five minutes are one event with a
   * growing count. Nothing is recorded when patients read their own data.
   */
  async recordRead(actor: Actor, patientId: string, action: AuditAction, resource: string): Promise<void> {
    if (actor.id === patientId) return;
    const bucket = Math.floor(this.clock.now().getTime() / COALESCE_MS);
    const coalesceKey = `${actor.id}:${patientId}:${action}:${resource}:${bucket}`;
    const { count: _counted, ...document } = this.document({ action, actor, resource, patientId });
    const upsert = () =>
      this.events.collection.updateOne(
        { coalesceKey },
        { $inc: { count: 1 }, $setOnInsert: document },
        { upsert: true },
      );
    try {
      await upsert();
    } catch (error) {
      if (!isDuplicateKey(error, 'auditevents_coalesce')) throw error;
      await upsert();
    }
  }

  /** Brings the expiry index to AUDIT_RETENTION_DAYS; at start, after the indexes are built. */
  async applyRetention(): Promise<void> {
    const expireAfterSeconds = this.config.care.auditRetentionDays * DAY_SECONDS;
    const index = (await this.events.collection.indexes()).find((candidate) => candidate.name === 'auditevents_ttl');
    if (index === undefined || index['expireAfterSeconds'] === expireAfterSeconds) return;
    await this.events.db.db?.command({
      collMod: this.events.collection.collectionName,
      index: { name: 'auditevents_ttl', expireAfterSeconds },
    });
  }

  private document(record: AuditRecord) {
    const context = currentContext();
    return {
      at: this.clock.now(),
      action: record.action,
      resource: record.resource,
      outcome: record.outcome ?? 'success',
      count: 1,
      ...(record.actor === null ? {} : { actorId: oid(record.actor.id), actorRole: record.actor.role }),
      ...(record.patientId === undefined ? {} : { patientId: oid(record.patientId) }),
      ...(record.resourceId === undefined ? {} : { resourceId: oid(record.resourceId) }),
      ...(record.changes === undefined ? {} : { changes: [...record.changes] }),
      ...(record.reason === undefined ? {} : { reason: record.reason }),
      ...(context === undefined ? {} : { ipAddress: context.ip, requestId: context.requestId }),
    };
  }
}
