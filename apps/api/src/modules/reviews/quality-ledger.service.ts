import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database';
import { PharmacyLedger } from '../activities';
import { AccountDirectory } from '../users';

/** A review or a rating as the ledger of its pharmacy records it. */
export interface QualityEvent {
  readonly kind: 'review' | 'rating';
  readonly id: string;
  readonly pharmacyId: string;
  readonly requestId: string;
  readonly stars: number;
  /** By the table of contract 40 section 4.1, penalty included. */
  readonly points: number;
  /** What the points consist of. */
  readonly breakdown: readonly string[];
  readonly at: Date;
}

/** Quality points of pharmacies: once per patient, pharmacy and request, whichever opinion comes first. */
@Injectable()
export class QualityLedger {
  constructor(
    private readonly ledger: PharmacyLedger,
    private readonly directory: AccountDirectory,
  ) {}

  /** Writes the activity. @returns whether this was the first opinion of the request, also where it gives 0 points */
  async record(tx: Tx, event: QualityEvent): Promise<boolean> {
    const { kind, pharmacyId, requestId, stars, points, breakdown, at } = event;
    const locale = (await this.directory.findOne(pharmacyId))?.locale ?? 'en';
    const { granted } = await this.ledger.record(tx, {
      pharmacyId,
      activityType: kind === 'review' ? 'review_received' : 'rating_received',
      description: describe(kind, locale, stars),
      eventKey: event.id,
      points,
      grantKey: `quality:${requestId}`,
      metadata: { requestId, stars, breakdown },
      at,
    });
    return granted;
  }
}

function describe(kind: QualityEvent['kind'], locale: 'en' | 'fr', stars: number): string {
  if (locale === 'fr') return kind === 'review' ? `Nouvel avis : ${stars}/5` : `Nouvelle évaluation : ${stars}/5`;
  return kind === 'review' ? `New review: ${stars}/5` : `New rating: ${stars}/5`;
}
