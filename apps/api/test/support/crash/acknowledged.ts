/** A document whose writing was acknowledged, with the fields that it must hold in the end. */
interface Expected {
  readonly owner: string;
  fields: Readonly<Record<string, unknown>>;
}

/** Collections whose documents are written by the people of the crash proof alone, and the field that names the owner. */
export const OWNED = {
  messages: 'senderId',
  glucoses: 'patientId',
  meals: 'patientId',
  fooditems: 'patientId',
  appointments: 'patientId',
  medicationrequests: 'patientId',
  patientrequests: 'patientId',
  reviews: 'patientId',
  ratings: 'patientId',
  boosts: 'pharmacyId',
} as const;

export type Owned = keyof typeof OWNED;

/** What the server has promised: every document it acknowledged, with its last acknowledged content. */
export class Acknowledged {
  private readonly documents = new Map<Owned, Map<string, Expected>>();
  /** Last acknowledged values of documents that are not counted one by one: `collection:filter` by field. */
  readonly latest = new Map<string, { filter: Record<string, string>; fields: Record<string, unknown> }>();
  /** E-mail addresses of accounts whose erasure was acknowledged. */
  readonly erased = new Set<string>();
  /** Acknowledged writes by kind. */
  readonly counts: Record<string, number> = {};
  /** What no crash may ever cause: answers of 500, two answers to one key ... */
  readonly faults: string[] = [];

  count(kind: string): void {
    this.counts[kind] = (this.counts[kind] ?? 0) + 1;
  }

  get total(): number {
    return Object.values(this.counts).reduce((sum, count) => sum + count, 0);
  }

  /** A document exists from now on. */
  wrote(collection: Owned, id: string, owner: string, fields: Readonly<Record<string, unknown>> = {}): void {
    const all = this.of(collection);
    const before = all.get(id);
    all.set(id, { owner, fields: { ...before?.fields, ...fields } });
  }

  /** A document exists no longer. */
  removed(collection: Owned, id: string): void {
    this.of(collection).delete(id);
  }

  /** Fields of a document that exists once by nature (an account, preferences). */
  set(collection: string, filter: Record<string, string>, fields: Record<string, unknown>): void {
    const key = `${collection}:${JSON.stringify(filter)}`;
    this.latest.set(key, { filter, fields: { ...this.latest.get(key)?.fields, ...fields } });
  }

  /** All documents of a collection that must exist, by id. */
  of(collection: Owned): Map<string, Expected> {
    const found = this.documents.get(collection) ?? new Map<string, Expected>();
    this.documents.set(collection, found);
    return found;
  }
}
