import { Injectable } from '@nestjs/common';

/** What `modules/pharmacists` asks of medication requests; that module registers it when it starts. */
export interface RequestFacts {
  /** Was a request of the patient ever addressed to the pharmacy? Then the patient sees it whatever its status. */
  addressed(patientId: string, pharmacyId: string): Promise<boolean>;
  /** Has the pharmacy answered a request of the patient (accepted or unavailable)? The right to a note. */
  answered(patientId: string, pharmacyId: string): Promise<boolean>;
  /** How many requests wait for the pharmacy: open, not expired, own response pending. */
  pendingCount(pharmacyId: string): Promise<number>;
}

/** What it asks of reviews. */
export interface ReviewFacts {
  /** The newest visible reviews as the public sees them, at most `limit`. */
  recent(pharmacyId: string, limit: number): Promise<object[]>;
}

/**
 * What other features know of pharmacies. Requests and reviews lie above this module and register here, so that imports
 * point one way. Before they do, nobody has a right and nothing is known.
 */
@Injectable()
export class PharmacyFacts {
  private requestFacts: RequestFacts | null = null;
  private reviewFacts: ReviewFacts | null = null;

  registerRequests(facts: RequestFacts): void {
    this.requestFacts = facts;
  }

  registerReviews(facts: ReviewFacts): void {
    this.reviewFacts = facts;
  }

  async addressed(patientId: string, pharmacyId: string): Promise<boolean> {
    return (await this.requestFacts?.addressed(patientId, pharmacyId)) ?? false;
  }

  async answered(patientId: string, pharmacyId: string): Promise<boolean> {
    return (await this.requestFacts?.answered(patientId, pharmacyId)) ?? false;
  }

  async pendingCount(pharmacyId: string): Promise<number> {
    return (await this.requestFacts?.pendingCount(pharmacyId)) ?? 0;
  }

  async recentReviews(pharmacyId: string, limit: number): Promise<object[]> {
    return (await this.reviewFacts?.recent(pharmacyId, limit)) ?? [];
  }
}
