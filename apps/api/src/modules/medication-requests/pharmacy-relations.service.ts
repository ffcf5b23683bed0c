import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type Actor, partyScope } from '../../access';
import { Clock } from '../../common/time';
import type { Tx } from '../../platform/database';
import { PharmacyFacts } from '../pharmacists';
import { entryOf, isOpen } from './medication-request.policy';
import type { PharmacyEntry } from './medication-request.schema';
import { MedicationRequestsRepository, type RequestRecord } from './medication-requests.repository';
import { PharmacyRelationsRepository } from './pharmacy-relations.repository';
import { RequestListsRepository } from './request-lists.repository';

const RECENT_MS = 30 * 86_400_000;

/** What reviews and ratings need to know of a request. */
export interface RequestOutcome {
  readonly id: string;
  readonly selectedPharmacyId: string | null;
  /** The pharmacy at which it was picked up. */
  readonly pickedUpAt: string | null;
  /** The pharmacies that accepted it. */
  readonly acceptedBy: readonly string[];
}

/** What medication requests make of a patient and a pharmacy: who may write, note, review and rate. */
@Injectable()
export class PharmacyRelations implements OnModuleInit {
  constructor(
    private readonly relations: PharmacyRelationsRepository,
    private readonly requests: MedicationRequestsRepository,
    private readonly lists: RequestListsRepository,
    private readonly facts: PharmacyFacts,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.facts.registerRequests({
      addressed: (patientId, pharmacyId) => this.knows(pharmacyId, patientId),
      answered: async (patientId, pharmacyId) =>
        (await this.relations.between(patientId, pharmacyId)).some((record) =>
          hasAnswered(entryOf(record, pharmacyId)),
        ),
      pendingCount: async (pharmacyId) => (await this.lists.pendingOf(pharmacyId, this.clock.now())).length,
    });
  }

  /**
   * May the pharmacy open a conversation with the patient (contract 60 section 3.1)? When a request addressed to it is
   * open, or confirmed with it, or was answered by it (accepted or unavailable) within the last 30 days.
   */
  async mayOpenConversation(pharmacyId: string, patientId: string): Promise<boolean> {
    const now = this.clock.now();
    const since = new Date(now.getTime() - RECENT_MS);
    const found = await this.relations.between(patientId, pharmacyId);
    return found.some((record) => {
      if (isOpen(record, now)) return true;
      if (record.globalStatus === 'confirmed' && record.selectedPharmacyId?.equals(pharmacyId) === true) return true;
      const own = entryOf(record, pharmacyId);
      return hasAnswered(own) && own?.respondedAt !== undefined && own.respondedAt >= since;
    });
  }

  /** Ids of the patients whom a pharmacy knows: those of requests that were addressed to it, whatever became of them. */
  patientsOf(pharmacyId: string): Promise<string[]> {
    return this.relations.patientsOf(pharmacyId);
  }

  /** Was a request of the patient ever addressed to the pharmacy? */
  async knows(pharmacyId: string, patientId: string): Promise<boolean> {
    return (await this.relations.between(patientId, pharmacyId)).length > 0;
  }

  /** A request of the patient, or null when it is not theirs. */
  async ownOutcome(patientId: string, requestId: string, tx: Tx): Promise<RequestOutcome | null> {
    const record = await this.relations.findOwn(patientId, requestId, tx);
    return record === null ? null : outcomeOf(record);
  }

  /** A request as one of its parties may see it, or null. */
  async outcomeAsParty(actor: Actor, requestId: string): Promise<RequestOutcome | null> {
    const record = await this.requests.findAsParty(partyScope(actor), requestId);
    return record === null ? null : outcomeOf(record);
  }

  /** Ids of the patient's requests that were picked up at the pharmacy, the last pick-up first. */
  pickedUp(patientId: string, pharmacyId: string, tx: Tx): Promise<string[]> {
    return this.relations.pickedUp(patientId, pharmacyId, tx);
  }
}

function hasAnswered(entry: PharmacyEntry | null): boolean {
  return entry?.status === 'accepted' || entry?.status === 'unavailable';
}

function outcomeOf(record: RequestRecord): RequestOutcome {
  const selectedPharmacyId = record.selectedPharmacyId?.toHexString() ?? null;
  return {
    id: record._id.toHexString(),
    selectedPharmacyId,
    pickedUpAt: record.isPickedUp ? selectedPharmacyId : null,
    acceptedBy: record.pharmacyResponses
      .filter((entry) => entry.status === 'accepted')
      .map((entry) => entry.pharmacyId.toHexString()),
  };
}
