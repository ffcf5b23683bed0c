import { Injectable } from '@nestjs/common';
import { type Actor, partyScope } from '../../access';
import { AppError, invalidField } from '../../common/errors';
import { Clock } from '../../common/time';
import { oid, type Tx, UnitOfWork } from '../../platform/database';
import type { MedicationRequestResponse } from './dto/medication-request.dto';
import type { ConfirmBody, RespondBody } from './dto/medication-request-input.dto';
import { tellPatient, tellPharmacies } from './medication-request.events';
import {
  acceptedBut,
  entryOf,
  MAX_PICKUP_AHEAD_MS,
  type PharmacyAnswer,
  planCancel,
  planConfirm,
  planPickup,
  planResponse,
  type RequestPlan,
} from './medication-request.policy';
import { MedicationRequestsRepository, type RequestRecord } from './medication-requests.repository';
import { MedicationRequestsService } from './medication-requests.service';
import { RequestLedger } from './request-ledger.service';

/** What pharmacies and patients do with a request after it was made. Each step is one transaction. */
@Injectable()
export class MedicationRequestAnswers {
  constructor(
    private readonly requests: MedicationRequestsRepository,
    private readonly reads: MedicationRequestsService,
    private readonly ledger: RequestLedger,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /**
   * The pharmacy's one response.
   * @throws AppError VALIDATION_FAILED, IDENTITY_MISMATCH, NOT_FOUND, ALREADY_ANSWERED, REQUEST_NOT_OPEN
   */
  async respond(actor: Actor, id: string, body: RespondBody): Promise<MedicationRequestResponse> {
    const answer = toAnswer(body, this.clock.now());
    if (body.pharmacyId !== undefined && body.pharmacyId !== actor.id) throw new AppError('IDENTITY_MISMATCH');
    return this.change(actor, id, async (tx, stored, now) => {
      const { next, entry } = planResponse(stored, actor.id, answer, now);
      const record = await this.requests.write(tx, next, now);
      await this.ledger.answered(tx, record, entry, answer.status, now);
      if (answer.status !== 'ignored') tellPatient(tx, record, `medication_${answer.status}`, actor.id);
      return record;
    });
  }

  /**
   * The patient takes the offer of one pharmacy.
   * @throws AppError NOT_FOUND, ALREADY_PICKED_UP, ILLEGAL_TRANSITION, PHARMACY_NOT_ACCEPTED
   */
  async confirm(actor: Actor, id: string, body: ConfirmBody): Promise<MedicationRequestResponse> {
    const selected = oid(body.selectedPharmacyId);
    return this.change(actor, id, async (tx, stored, now) => {
      const record = await this.apply(tx, planConfirm(stored, selected, now), now);
      tellPharmacies(tx, record, 'medication_confirmed', [body.selectedPharmacyId]);
      tellPharmacies(tx, record, 'medication_not_selected', acceptedBut(record, selected));
      return record;
    });
  }

  /**
   * The medication is picked up at the caller's pharmacy, which is thereby selected.
   * @throws AppError NOT_FOUND, ALREADY_PICKED_UP, PICKUP_NOT_ALLOWED, ILLEGAL_TRANSITION
   */
  async pickUp(actor: Actor, id: string): Promise<MedicationRequestResponse> {
    const own = oid(actor.id);
    return this.change(actor, id, async (tx, stored, now) => {
      const record = await this.apply(tx, planPickup(stored, own, now), now);
      const entry = entryOf(record, actor.id);
      if (entry !== null) await this.ledger.pickedUp(tx, record, entry, now);
      if (stored.selectedPharmacyId === undefined)
        tellPharmacies(tx, record, 'medication_not_selected', acceptedBut(record, own));
      return record;
    });
  }

  /** The patient gives the request up. @throws AppError NOT_FOUND, ALREADY_PICKED_UP, ILLEGAL_TRANSITION */
  async cancel(actor: Actor, id: string): Promise<MedicationRequestResponse> {
    return this.change(actor, id, (tx, stored, now) => this.close(tx, stored, now));
  }

  /** Closes a request and tells the pharmacies that accepted. @throws AppError ALREADY_PICKED_UP, ILLEGAL_TRANSITION */
  async close(tx: Tx, stored: RequestRecord, now: Date): Promise<RequestRecord> {
    const record = await this.apply(tx, planCancel(stored, now), now);
    tellPharmacies(tx, record, 'medication_cancelled', acceptedBut(record, null));
    return record;
  }

  private async apply(tx: Tx, plan: RequestPlan, now: Date): Promise<RequestRecord> {
    const record = await this.requests.write(tx, plan.next, now);
    await this.ledger.ended(tx, record, plan.expired, now);
    return record;
  }

  /** Reads as the actor, judges and writes in one transaction; the loser of a race is judged again by what won. */
  private async change(
    actor: Actor,
    id: string,
    step: (tx: Tx, stored: RequestRecord, now: Date) => Promise<RequestRecord>,
  ): Promise<MedicationRequestResponse> {
    const scope = partyScope(actor);
    const lanes = [`medication-request:${id}`, ...(scope.side === 'pharmacistId' ? [`account:${actor.id}`] : [])];
    const changed = await this.work.run(
      async (tx) => {
        const stored = await this.requests.findAsParty(scope, id, tx);
        if (stored === null) throw new AppError('NOT_FOUND');
        return step(tx, stored, this.clock.now());
      },
      { lanes },
    );
    return this.reads.show(actor, changed);
  }
}

const OFFER_FIELDS = ['indicativePrice', 'preparationDelay', 'pickupDeadline'] as const;

/** @throws AppError VALIDATION_FAILED for terms without an offer, and a deadline that is past or too far */
function toAnswer(body: RespondBody, now: Date): PharmacyAnswer {
  const { status, indicativePrice, preparationDelay, pharmacyMessage } = body;
  const wrong = OFFER_FIELDS.find((field) => body[field] !== undefined);
  if (wrong !== undefined && status !== 'accepted' && status !== 'unavailable')
    throw invalidField(
      wrong,
      'onlyWithOffer',
      'is only allowed with accepted or unavailable',
      "n'est permis qu'avec accepted ou unavailable",
    );
  const pickupDeadline = body.pickupDeadline?.date;
  const ahead = pickupDeadline === undefined ? null : pickupDeadline.getTime() - now.getTime();
  if (ahead !== null && (ahead <= 0 || ahead > MAX_PICKUP_AHEAD_MS))
    throw invalidField(
      'pickupDeadline',
      'withinSevenDays',
      'must be later than now and at most 7 days ahead',
      'doit être dans le futur, à 7 jours au plus',
    );
  return {
    status,
    ...(indicativePrice === undefined ? {} : { indicativePrice }),
    ...(preparationDelay === undefined ? {} : { preparationDelay }),
    ...(pharmacyMessage === undefined ? {} : { pharmacyMessage }),
    ...(pickupDeadline === undefined ? {} : { pickupDeadline }),
  };
}
