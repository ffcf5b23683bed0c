import type { INestApplicationContext } from '@nestjs/common';
import type { Tx } from '../platform/database';
import { type LedgerEntry, PharmacyCounters, PharmacyLedger } from '../modules/activities';
import { RatingTotals } from '../modules/reviews';
import type { DemoDocument, DemoId } from './demo.repository';

type Entry = Readonly<Record<string, unknown>> & { readonly pharmacyId: DemoId; readonly status: string };
type Line = Omit<LedgerEntry, 'pharmacyId' | 'eventKey' | 'description'>;

const TEXTS: Readonly<Record<string, string>> = {
  request_received: 'Nouvelle demande de médicament',
  request_accepted: 'Demande acceptée',
  request_expired: 'Demande terminée sans votre réponse',
  client_pickup: 'Médicament retiré',
  review_received: 'Nouvel avis',
  rating_received: 'Nouvelle évaluation',
};

/** Enters what happened in demo requests into the ledgers and figures of the pharmacies, as the server would have done. */
export class DemoLedger {
  private readonly ledger: PharmacyLedger;
  private readonly counters: PharmacyCounters;
  private readonly ratings: RatingTotals;

  constructor(
    app: INestApplicationContext,
    private readonly tx: Tx,
  ) {
    this.ledger = app.get(PharmacyLedger);
    this.counters = app.get(PharmacyCounters);
    this.ratings = app.get(RatingTotals);
  }

  /** All that pharmacies went through with a request. */
  async request(request: DemoDocument): Promise<void> {
    const createdAt = request['createdAt'] as Date;
    const grantKey = `response:${request._id.toHexString()}`;
    const entries = request['pharmacyResponses'] as Entry[];
    const all = entries.map((entry) => entry.pharmacyId.toHexString());
    const eventKey = request._id.toHexString();
    const received = { activityType: 'request_received', eventKey, at: createdAt } as const;
    await this.ledger.recordEach(this.tx, all, { ...received, description: TEXTS[received.activityType] ?? '' });
    await this.counters.addEach(this.tx, all, { received: 1 }, createdAt);
    for (const entry of entries) {
      const id = entry.pharmacyId.toHexString();
      const points = entry['pointsAwarded'] as number;
      if (entry.status === 'accepted') {
        const at = entry['respondedAt'] as Date;
        await this.line(id, request._id, { activityType: 'request_accepted', points, grantKey, at });
        await this.counters.add(this.tx, id, { accepted: 1, responseMinutes: entry['responseTime'] as number }, at);
      }
      if (entry.status === 'expired') {
        const at = entry['expiredAt'] as Date;
        const lost = points === 0 ? {} : { points, grantKey };
        await this.line(id, request._id, { activityType: 'request_expired', ...lost, at });
        if (points !== 0) await this.counters.add(this.tx, id, { missed: 1 }, at);
      }
      if (entry.status === 'accepted' && request['isPickedUp'] === true) {
        const [at, amount] = [request['pickedUpAt'] as Date, entry['indicativePrice'] as number];
        await this.line(id, request._id, { activityType: 'client_pickup', amount, at });
        await this.counters.add(this.tx, id, { clients: 1, revenue: amount }, at);
      }
    }
  }

  /** A review or rating with the points that it gave. */
  async opinion(kind: 'review' | 'rating', opinion: DemoDocument): Promise<void> {
    const requestId = (opinion[kind === 'review' ? 'requestId' : 'medicationRequestId'] as DemoId).toHexString();
    const points = kind === 'rating' ? (opinion['pointsAwarded'] as number) : opinion['rating'] === 5 ? 8 : 0;
    await this.line((opinion['pharmacyId'] as DemoId).toHexString(), opinion._id, {
      activityType: `${kind}_received`,
      points,
      grantKey: `quality:${requestId}`,
      at: opinion['createdAt'] as Date,
    });
  }

  /** What reviews and ratings come to, for the pharmacies that these are about. */
  async totals(opinions: readonly DemoDocument[], now: Date): Promise<void> {
    for (const id of new Set(opinions.map((opinion) => (opinion['pharmacyId'] as DemoId).toHexString())))
      await this.ratings.rebuild(this.tx, id, now);
  }

  private async line(pharmacyId: string, event: DemoId, line: Line): Promise<void> {
    const description = TEXTS[line.activityType] ?? '';
    await this.ledger.record(this.tx, { pharmacyId, eventKey: event.toHexString(), description, ...line });
  }
}
