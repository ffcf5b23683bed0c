import fc from 'fast-check';
import { Types } from 'mongoose';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../common/errors';
import { REQUEST_MACHINE, RESPONSE_MACHINE } from './medication-request.machine';
import {
  acceptedBut,
  effective,
  firstDeadline,
  planCancel,
  planConfirm,
  planExpiry,
  planPickup,
  planResponse,
  planWithdrawal,
} from './medication-request.policy';
import { type Answer, ANSWERS, type MedicationRequest } from './medication-request.schema';

const MINUTE = 60_000;
const CREATED = new Date('2027-01-10T08:00:00Z');
const at = (minutes: number): Date => new Date(CREATED.getTime() + minutes * MINUTE);
const PHARMACIES = [1, 2, 3].map((index) => new Types.ObjectId(`50000000000000000000000${index}`));
const pharmacy = (index: number): Types.ObjectId => PHARMACIES[index] ?? new Types.ObjectId();

function request(fields: Partial<MedicationRequest> = {}): MedicationRequest {
  return {
    _id: new Types.ObjectId('600000000000000000000001'),
    __v: 0,
    createdAt: CREATED,
    updatedAt: CREATED,
    patientId: new Types.ObjectId('400000000000000000000001'),
    medicationName: 'Metformine',
    dosage: '850 mg',
    quantity: 1,
    urgencyLevel: 'normal',
    pharmacyResponses: PHARMACIES.map((pharmacyId) => ({ pharmacyId, status: 'pending', pointsAwarded: 0 })),
    globalStatus: 'open',
    isPickedUp: false,
    expiresAt: at(120),
    confirmationDeadline: firstDeadline(CREATED),
    ...fields,
  };
}

const answer = (record: MedicationRequest, index: number, status: Answer, minutes = 10): MedicationRequest =>
  planResponse(record, pharmacy(index).toHexString(), { status }, at(minutes)).next;
const statuses = (record: MedicationRequest): string[] => record.pharmacyResponses.map(({ status }) => status);

function codeOf(step: () => unknown): string | null {
  try {
    step();
    return null;
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

describe('the rules of a medication request', () => {
  it('end pending entries with -2 at their time, without loss before', () => {
    const early = planCancel(request(), at(119));
    expect(early.expired.map(({ points }) => points)).toEqual([0, 0, 0]);
    expect(early.next.pharmacyResponses[0]).toMatchObject({ status: 'expired', expiredAt: at(119), pointsAwarded: 0 });
    const late = planExpiry(request(), at(125));
    expect(late?.expired.map(({ points }) => points)).toEqual([-2, -2, -2]);
    expect(late?.next.pharmacyResponses[0]).toMatchObject({ expiredAt: at(120), pointsAwarded: -2 });
    expect(late?.next.globalStatus).toBe('expired');
  });

  it('have nothing to expire twice, nor before the time', () => {
    expect(planExpiry(request(), at(119))).toBeNull();
    const accepted = answer(request(), 0, 'accepted');
    const first = planExpiry(accepted, at(120));
    expect(first?.next.globalStatus).toBe('open');
    expect(planExpiry(first?.next ?? accepted, at(1_439))).toBeNull();
    const end = planExpiry(first?.next ?? accepted, at(1_440));
    expect(end).toMatchObject({ next: { globalStatus: 'expired' }, expired: [] });
    expect(planExpiry(end?.next ?? accepted, at(9_999))).toBeNull();
  });

  it('move the deadline with the latest promise of an accepted offer only', () => {
    const promise = (record: MedicationRequest, index: number, status: Answer, minutes: number) =>
      planResponse(record, pharmacy(index).toHexString(), { status, pickupDeadline: at(minutes) }, at(1)).next;
    const one = promise(request(), 0, 'accepted', 3_000);
    expect(one.confirmationDeadline).toEqual(at(3_000));
    expect(promise(one, 1, 'accepted', 2_000).confirmationDeadline).toEqual(at(3_000));
    expect(promise(one, 1, 'unavailable', 5_000).confirmationDeadline).toEqual(at(3_000));
  });

  it('name the one who was refused, and why', () => {
    const open = answer(answer(request(), 0, 'accepted'), 1, 'declined');
    const [a, b, d] = [pharmacy(0), pharmacy(1), pharmacy(2)];
    const stranger = new Types.ObjectId();
    expect(codeOf(() => answer(open, 9, 'accepted'))).toBe('NOT_FOUND');
    expect(codeOf(() => answer(open, 1, 'accepted'))).toBe('ALREADY_ANSWERED');
    expect(codeOf(() => answer(open, 2, 'accepted', 120))).toBe('REQUEST_NOT_OPEN');
    expect(codeOf(() => planConfirm(open, b, at(20)))).toBe('PHARMACY_NOT_ACCEPTED');
    expect(codeOf(() => planConfirm(open, stranger, at(20)))).toBe('PHARMACY_NOT_ACCEPTED');
    expect(codeOf(() => planPickup(open, stranger, at(20)))).toBe('NOT_FOUND');
    expect(codeOf(() => planPickup(open, d, at(20)))).toBe('PICKUP_NOT_ALLOWED');
    const confirmed = planConfirm(open, a, at(20)).next;
    expect(statuses(confirmed)).toEqual(['accepted', 'declined', 'expired']);
    expect(codeOf(() => planConfirm(confirmed, a, at(21)))).toBe('ILLEGAL_TRANSITION');
    expect(codeOf(() => planConfirm(open, a, at(1_440)))).toBe('ILLEGAL_TRANSITION');
    const done = planPickup(confirmed, a, at(9_999)).next;
    for (const step of [
      () => planPickup(done, b, at(9_999)),
      () => planConfirm(done, a, at(9_999)),
      () => planCancel(done, at(9_999)),
    ])
      expect(codeOf(step)).toBe('ALREADY_PICKED_UP');
    const closed = planCancel(confirmed, at(30)).next;
    expect(codeOf(() => planPickup(closed, a, at(31)))).toBe('ILLEGAL_TRANSITION');
    expect(codeOf(() => planCancel(closed, at(31)))).toBe('ILLEGAL_TRANSITION');
    expect(acceptedBut(confirmed, a)).toEqual([]);
    expect(acceptedBut(confirmed, null)).toEqual([a.toHexString()]);
    expect(planWithdrawal(confirmed, d.toHexString(), at(40))).toBeNull();
  });

  const step = fc.oneof(
    fc.record({
      kind: fc.constant('respond' as const),
      index: fc.nat(2),
      status: fc.constantFrom(...ANSWERS),
      minutes: fc.nat(400),
    }),
    fc.record({
      kind: fc.constantFrom('confirm' as const, 'pickup' as const, 'cancel' as const, 'job' as const),
      index: fc.nat(2),
      status: fc.constantFrom(...ANSWERS),
      minutes: fc.nat(400),
    }),
  );

  it('hold over every history: legal steps only, each entry ends once, reads agree with the job', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        let record = request();
        let minutes = 0;
        for (const { kind, index, status, minutes: later } of steps) {
          minutes += later;
          const now = at(minutes);
          const seen = effective(record, now);
          const next = (() => {
            try {
              if (kind === 'respond') return planResponse(record, pharmacy(index).toHexString(), { status }, now).next;
              if (kind === 'confirm') return planConfirm(record, pharmacy(index), now).next;
              if (kind === 'pickup') return planPickup(record, pharmacy(index), now).next;
              return kind === 'cancel' ? planCancel(record, now).next : seen;
            } catch (error) {
              if (error instanceof AppError) return record;
              throw error;
            }
          })();
          if (next === record) continue;
          if (next.globalStatus !== seen.globalStatus)
            expect(REQUEST_MACHINE.can(seen.globalStatus, next.globalStatus)).toBe(true);
          next.pharmacyResponses.forEach((entry, at) => {
            const before = seen.pharmacyResponses[at]?.status ?? 'pending';
            if (entry.status !== before) expect(RESPONSE_MACHINE.can(before, entry.status)).toBe(true);
          });
          if (next.globalStatus !== 'open') expect(statuses(next)).not.toContain('pending');
          if (next.isPickedUp) expect(next.selectedPharmacyId).toBeDefined();
          expect(effective(effective(next, now), now)).toEqual(effective(next, now));
          record = next;
        }
      }),
      { numRuns: 400 },
    );
  });
});
