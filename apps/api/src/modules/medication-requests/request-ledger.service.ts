import { Injectable } from '@nestjs/common';
import type { Locale } from '../../common/enums';
import type { Tx } from '../../platform/database';
import { type LedgerEntry, PharmacyCounters, PharmacyLedger } from '../activities';
import { AccountDirectory } from '../users';
import { breakdownOf, type ExpiredEntry } from './medication-request.policy';
import type { Answer, PharmacyEntry } from './medication-request.schema';
import type { RequestRecord } from './medication-requests.repository';

type Told = Answer | 'received' | 'expired' | 'pickup';

const DESCRIPTIONS: Readonly<Record<Told, Readonly<Record<Locale, string>>>> = {
  received: { en: 'New medication request', fr: 'Nouvelle demande de médicament' },
  accepted: { en: 'Request accepted', fr: 'Demande acceptée' },
  unavailable: { en: 'Medication reported unavailable', fr: 'Médicament signalé indisponible' },
  declined: { en: 'Request declined', fr: 'Demande refusée' },
  ignored: { en: 'Request ignored', fr: 'Demande ignorée' },
  expired: { en: 'Request ended without your response', fr: 'Demande terminée sans votre réponse' },
  pickup: { en: 'Medication picked up', fr: 'Médicament retiré' },
};

const TYPES = {
  received: 'request_received',
  accepted: 'request_accepted',
  unavailable: 'request_unavailable',
  declined: 'request_declined',
  ignored: 'request_ignored',
  expired: 'request_expired',
  pickup: 'client_pickup',
} as const satisfies Record<Told, LedgerEntry['activityType']>;

/** What requests write into the ledger and the figures of pharmacies, in the transaction of the change. */
@Injectable()
export class RequestLedger {
  constructor(
    private readonly ledger: PharmacyLedger,
    private readonly counters: PharmacyCounters,
    private readonly directory: AccountDirectory,
  ) {}

  /** A new request reached these pharmacies. */
  async received(tx: Tx, record: RequestRecord): Promise<void> {
    const ids = record.pharmacyResponses.map((entry) => entry.pharmacyId.toHexString());
    await this.recordEach(tx, ids, 'received', record, record.createdAt);
    await this.counters.addEach(tx, ids, { received: 1 }, record.createdAt);
  }

  /** A pharmacy responded; its points are granted once per request. */
  async answered(tx: Tx, record: RequestRecord, entry: PharmacyEntry, answer: Answer, now: Date): Promise<void> {
    const pharmacyId = entry.pharmacyId.toHexString();
    const { basePoints, bonusPoints, reason } = breakdownOf(entry);
    const breakdown = [
      `${signed(basePoints)} ${answer}`,
      ...(bonusPoints === 0 ? [] : [`${signed(bonusPoints)} ${reason}`]),
    ];
    await this.ledger.record(tx, {
      ...(await this.lineOf(pharmacyId, answer, record, now)),
      points: entry.pointsAwarded,
      grantKey: grantKeyOf(record),
      metadata: { requestId: record._id.toHexString(), breakdown },
    });
    const { responseTime } = entry;
    await this.counters.add(
      tx,
      pharmacyId,
      {
        ...(answer === 'accepted' ? { accepted: 1 } : {}),
        ...(answer === 'unavailable' || answer === 'declined' ? { declined: 1 } : {}),
        ...(responseTime === undefined ? {} : { responseMinutes: responseTime }),
      },
      now,
    );
  }

  /** Entries ended without a response: those whose time ran out cost points and count as missed. */
  async ended(tx: Tx, record: RequestRecord, expired: readonly ExpiredEntry[], now: Date): Promise<void> {
    if (expired.length === 0) return;
    const missed = expired.filter(({ points }) => points !== 0);
    const free = expired.filter(({ points }) => points === 0).map(({ pharmacyId }) => pharmacyId);
    await this.recordEach(tx, free, 'expired', record, now);
    for (const { pharmacyId, points } of missed)
      await this.ledger.record(tx, {
        ...(await this.lineOf(pharmacyId, 'expired', record, now)),
        points,
        grantKey: grantKeyOf(record),
        metadata: { requestId: record._id.toHexString(), breakdown: [`${signed(points)} expired`] },
      });
    const ids = missed.map(({ pharmacyId }) => pharmacyId);
    if (ids.length > 0) await this.counters.addEach(tx, ids, { missed: 1 }, record.expiresAt);
  }

  /** The medication was picked up at a pharmacy. */
  async pickedUp(tx: Tx, record: RequestRecord, entry: PharmacyEntry, now: Date): Promise<void> {
    const pharmacyId = entry.pharmacyId.toHexString();
    const amount = entry.indicativePrice;
    await this.ledger.record(tx, {
      ...(await this.lineOf(pharmacyId, 'pickup', record, now)),
      ...(amount === undefined ? {} : { amount }),
    });
    await this.counters.add(tx, pharmacyId, { clients: 1, ...(amount === undefined ? {} : { revenue: amount }) }, now);
  }

  private async lineOf(pharmacyId: string, told: Told, record: RequestRecord, at: Date): Promise<LedgerEntry> {
    const locale = (await this.directory.findOne(pharmacyId))?.locale ?? 'en';
    return { pharmacyId, ...eventOf(told, locale, record, at) };
  }

  private async recordEach(tx: Tx, ids: readonly string[], told: Told, record: RequestRecord, at: Date): Promise<void> {
    const accounts = await this.directory.find(ids);
    for (const locale of ['en', 'fr'] as const) {
      const readers = ids.filter((id) => (accounts.get(id)?.locale ?? 'en') === locale);
      if (readers.length > 0) await this.ledger.recordEach(tx, readers, eventOf(told, locale, record, at));
    }
  }
}

function eventOf(told: Told, locale: Locale, record: RequestRecord, at: Date): Omit<LedgerEntry, 'pharmacyId'> {
  const requestId = record._id.toHexString();
  return {
    activityType: TYPES[told],
    description: DESCRIPTIONS[told][locale],
    eventKey: requestId,
    metadata: { requestId },
    at,
  };
}

/** Points of a response are granted once per request (contract 40 section 4.1). */
function grantKeyOf(record: RequestRecord): string {
  return `response:${record._id.toHexString()}`;
}

function signed(points: number): string {
  return points < 0 ? String(points) : `+${points}`;
}
