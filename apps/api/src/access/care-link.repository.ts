import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { LRUCache } from 'lru-cache';
import type { Model } from 'mongoose';
import { newId, type ObjectId, oid, rewriteOne, type Tx } from '../platform/database';
import { CareLink } from './care-link.schema';
import { LinkRevision } from './link-revision.schema';

/** An active care link as callers need it; ids as strings. */
export interface ActiveLink {
  readonly id: string;
  readonly patientId: string;
  readonly doctorId: string;
  readonly accessEnabled: boolean;
  readonly since: Date;
}

type Row = Pick<CareLink, '_id' | 'patientId' | 'doctorId' | 'accessEnabled' | 'since'>;
// A doctor's links in one batch as a rule: each further one is a round trip.
const LIST_BATCH = 2_000;
const ROW = { patientId: 1, doctorId: 1, accessEnabled: 1, since: 1 } as const;

function toLink(row: Row): ActiveLink {
  return {
    id: row._id.toHexString(),
    patientId: row.patientId.toHexString(),
    doctorId: row.doctorId.toHexString(),
    accessEnabled: row.accessEnabled,
    since: row.since,
  };
}

/** Access by patient over the active links of a doctor. */
export type DoctorAccess = ReadonlyMap<string, { readonly accessEnabled: boolean }>;

/** A doctor's links as they were read, right for as long as the stored revision is this one. */
interface HeldAccess {
  readonly rev: number;
  readonly access: DoctorAccess;
}

/** Links held in memory, over all doctors: about 100 bytes each. */
const MAX_HELD = 100_000;
/** What somebody writes past the server is seen after that time at the latest. */
const HELD_MS = 60_000;

/**
 * Care links. Consent takes effect on the next request: decisions read the link, and the long lists of doctors, which
 * are held in memory, are asked for their revision first (decision 24).
 */
@Injectable()
export class CareLinks {
  private readonly held = new LRUCache<string, HeldAccess>({
    maxSize: MAX_HELD,
    ttl: HELD_MS,
    sizeCalculation: ({ access }) => access.size + 1,
  });

  constructor(
    @InjectModel(CareLink.name) private readonly links: Model<CareLink>,
    @InjectModel(LinkRevision.name) private readonly revisions: Model<LinkRevision>,
  ) {}

  /** The active link of the pair, or null. */
  async find(patientId: string, doctorId: string, tx?: Tx): Promise<ActiveLink | null> {
    const row = await this.links.collection.findOne<Row>(
      { patientId: oid(patientId), doctorId: oid(doctorId), status: 'active' },
      tx === undefined ? { projection: ROW } : { projection: ROW, session: tx.session },
    );
    return row === null ? null : toLink(row);
  }

  /** Did the pair ever have a link, active or ended? */
  async everLinked(patientId: string, doctorId: string): Promise<boolean> {
    return (await this.links.exists({ patientId: oid(patientId), doctorId: oid(doctorId) })) !== null;
  }

  /** Of these patients, those whose data the doctor may see now. */
  async accessibleOf(doctorId: string, patientIds: readonly string[]): Promise<Set<string>> {
    const links = await this.accessAmong(doctorId, patientIds);
    return new Set([...links].flatMap(([patientId, { accessEnabled }]) => (accessEnabled ? [patientId] : [])));
  }

  /**
   * Access by patient over the doctor's active links to these patients. Found from the patients' side, each of whom has
   * few doctors: however many patients the doctor has, the cost is that of those who are asked for.
   */
  async accessAmong(
    doctorId: string,
    patientIds: readonly string[],
  ): Promise<Map<string, { readonly accessEnabled: boolean }>> {
    if (patientIds.length === 0) return new Map();
    const rows = await this.links.collection
      .find<Row>(
        { patientId: { $in: patientIds.map(oid) }, status: 'active' },
        { projection: { _id: 0, patientId: 1, doctorId: 1, accessEnabled: 1 }, batchSize: LIST_BATCH },
      )
      .toArray();
    return new Map(
      rows
        .filter((row) => row.doctorId.equals(doctorId))
        .map((row) => [row.patientId.toHexString(), { accessEnabled: row.accessEnabled }]),
    );
  }

  /** A doctor's active links, newest first; bounded by MAX_PATIENTS_PER_DOCTOR. */
  async ofDoctor(doctorId: string, options: { accessEnabled?: boolean } = {}): Promise<ActiveLink[]> {
    const filter = { doctorId: oid(doctorId), status: 'active' as const, ...options };
    return (await this.links.find(filter, ROW).sort({ since: -1, _id: -1 }).lean<Row[]>()).map(toLink);
  }

  /**
   * Access by patient over a doctor's active links, in no order; for lists that show many of them. One small read where
   * no link of the doctor has changed since the last time.
   */
  async accessOfDoctor(doctorId: string): Promise<DoctorAccess> {
    const id = oid(doctorId);
    // The revision first: links that change after it was read make what is held outdated, whatever they showed.
    const rev = (await this.revisions.collection.findOne<LinkRevision>({ doctorId: id }))?.rev ?? 0;
    const held = this.held.get(doctorId);
    if (held?.rev === rev) return held.access;
    const rows = await this.links.collection
      .find<Row>(
        { doctorId: id, status: 'active' },
        { projection: { _id: 0, patientId: 1, accessEnabled: 1 }, batchSize: LIST_BATCH },
      )
      .toArray();
    const access = new Map(
      rows.map((row) => [row.patientId.toHexString(), { accessEnabled: row.accessEnabled }] as const),
    );
    this.held.set(doctorId, { rev, access });
    return access;
  }

  /** Says in the transaction of a change that links of these doctors are no longer those that were read. */
  private async touch(tx: Tx, doctorIds: readonly ObjectId[]): Promise<void> {
    if (doctorIds.length === 0) return;
    await this.revisions.collection.bulkWrite(
      doctorIds.map((doctorId) => ({
        updateOne: { filter: { doctorId }, update: { $inc: { rev: 1 } }, upsert: true },
      })),
      { session: tx.session },
    );
  }

  /** A patient's active links, newest first. */
  async ofPatient(patientId: string, limit: number): Promise<ActiveLink[]> {
    return (
      await this.links
        .find({ patientId: oid(patientId), status: 'active' }, ROW)
        .sort({ since: -1, _id: -1 })
        .limit(limit)
        .lean<Row[]>()
    ).map(toLink);
  }

  async countOfDoctor(doctorId: string, tx?: Tx): Promise<number> {
    return this.links.countDocuments(
      { doctorId: oid(doctorId), status: 'active' },
      tx === undefined ? {} : { session: tx.session },
    );
  }

  /** Opens a link; the unique index on active pairs makes a second one impossible. */
  async open(
    tx: Tx,
    link: { patientId: string; doctorId: string; origin: CareLink['origin']; now: Date },
  ): Promise<ActiveLink> {
    const row = {
      _id: newId(),
      patientId: oid(link.patientId),
      doctorId: oid(link.doctorId),
      status: 'active' as const,
      accessEnabled: true,
      since: link.now,
      origin: link.origin,
      createdAt: link.now,
      updatedAt: link.now,
    };
    await this.links.collection.insertOne(row, { session: tx.session });
    await this.touch(tx, [row.doctorId]);
    return toLink(row);
  }

  /**
   * Finds the pair's active link and writes to it, so that whoever ends it at the same moment conflicts with the
   * transaction: what is built on the link cannot outlive it unseen. False without one (or with access off, where needed).
   */
  async hold(tx: Tx, patientId: string, doctorId: string, options: { needsAccess: boolean }): Promise<boolean> {
    const filter = {
      patientId: oid(patientId),
      doctorId: oid(doctorId),
      status: 'active',
      ...(options.needsAccess ? { accessEnabled: true } : {}),
    };
    const result = await this.links.collection.updateOne(filter, { $inc: { holds: 1 } }, { session: tx.session });
    return result.matchedCount === 1;
  }

  /** Switches access; false when there is no active link or it already has that value. */
  async setAccess(tx: Tx, patientId: string, doctorId: string, enabled: boolean, now: Date): Promise<boolean> {
    const result = await this.links.updateOne(
      { patientId: oid(patientId), doctorId: oid(doctorId), status: 'active', accessEnabled: !enabled },
      { $set: { accessEnabled: enabled, updatedAt: now } },
      { session: tx.session },
    );
    if (result.modifiedCount !== 1) return false;
    await this.touch(tx, [oid(doctorId)]);
    return true;
  }

  /** Ends the pair's active link; false without one. */
  async end(tx: Tx, patientId: string, doctorId: string, endedBy: string, now: Date): Promise<boolean> {
    const pair = { patientId: oid(patientId), doctorId: oid(doctorId), status: 'active' };
    const link = await this.links.collection.findOne<CareLink>(pair, { session: tx.session });
    if (link === null) return false;
    const ended = { status: 'ended', endedAt: now, endedBy: oid(endedBy), updatedAt: now } as const;
    await rewriteOne(this.links.collection, link, (stored) => ({ ...stored, ...ended }), tx.session);
    await this.touch(tx, [link.doctorId]);
    return true;
  }

  /** Ends every active link of an erased account; it will never have another, so nothing of it must become free. */
  async endAllOf(tx: Tx, userId: string, now: Date): Promise<void> {
    for (const side of ['patientId', 'doctorId']) {
      const active = { [side]: oid(userId), status: 'active' };
      const found = await this.links.collection
        .find<CareLink>(active, { projection: { doctorId: 1 }, batchSize: LIST_BATCH, session: tx.session })
        .toArray();
      const doctors = new Map(found.map(({ doctorId }) => [doctorId.toHexString(), doctorId]));
      await this.links.collection.updateMany(
        active,
        { $set: { status: 'ended', endedAt: now, endedBy: oid(userId), updatedAt: now } },
        { session: tx.session },
      );
      await this.touch(tx, [...doctors.values()]);
    }
  }

  /** Every link an account ever had, oldest first, one at a time. */
  allOf(userId: string, side: 'patientId' | 'doctorId'): AsyncIterable<CareLink> {
    return this.links.collection.find<CareLink>({ [side]: oid(userId) }).sort({ since: 1, _id: 1 });
  }

  /** Whom an account was ever linked with, each once. */
  async counterpartsOf(userId: string, side: 'patientId' | 'doctorId'): Promise<string[]> {
    const other = side === 'patientId' ? 'doctorId' : 'patientId';
    const found = new Set<string>();
    const links = this.links.collection.find<CareLink>({ [side]: oid(userId) }, { projection: { [other]: 1 } });
    for await (const link of links) found.add(link[other].toHexString());
    return [...found];
  }
}
