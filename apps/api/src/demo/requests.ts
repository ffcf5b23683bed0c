import { patientKey, userId } from './accounts';
import { demoId, type DemoDocument, type DemoId } from './demo.repository';
import { PHARMACIES } from './people';
import { Random } from './random';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const RESPONSE_MS = 2 * HOUR_MS;

/** How a demo request ended, or where it stands. */
type Fate = 'waiting' | 'offered' | 'confirmed' | 'pickedUp' | 'cancelled' | 'expired';

const MEDICINES = [
  ['Metformine', '850 mg'],
  ['Insuline glargine', '100 U/mL'],
  ['Bandelettes réactives', 'boîte de 50'],
  ['Glucagon', '1 mg'],
] as const;

/** Fates of the demo patient first, then of others; those that are not over are of the last hour. */
const FATES: readonly { readonly fate: Fate; readonly patient: number }[] = [
  { fate: 'waiting', patient: 0 },
  { fate: 'offered', patient: 0 },
  { fate: 'confirmed', patient: 0 },
  { fate: 'cancelled', patient: 0 },
  { fate: 'expired', patient: 0 },
  ...Array.from({ length: 8 }, (_, index) => ({ fate: 'pickedUp' as const, patient: index })),
  ...Array.from({ length: 3 }, (_, index) => ({ fate: 'waiting' as const, patient: 3 + index })),
];

const ENDED: Readonly<Record<Fate, 'open' | 'confirmed' | 'closed' | 'expired'>> = {
  waiting: 'open',
  offered: 'open',
  confirmed: 'confirmed',
  pickedUp: 'confirmed',
  cancelled: 'closed',
  expired: 'expired',
};

/** Pharmacies near a patient: those of the same city. */
function near(patient: number): (typeof PHARMACIES)[number][] {
  const cities = ['Paris', 'Tunis', 'Montréal'];
  return PHARMACIES.filter(({ ville }) => ville === cities[patient % cities.length]);
}

/** Minutes until the first pharmacy accepted; null where none did. */
function acceptedAfter(fate: Fate, random: Random): number | null {
  return fate === 'waiting' || fate === 'expired' ? null : 5 + random.below(30);
}

function entries(fate: Fate, patient: number, createdAt: Date, random: Random): Record<string, unknown>[] {
  const minutes = acceptedAfter(fate, random);
  return near(patient).map((pharmacy, index) => {
    const base = {
      pharmacyId: userId(pharmacy.key),
      pharmacyName: pharmacy.nomPharmacie,
      pharmacyCoordinates: [pharmacy.longitude, pharmacy.latitude],
    };
    if (minutes !== null && index === 0) {
      const bonusPoints = minutes < 30 ? 20 : 15;
      return {
        ...base,
        status: 'accepted',
        responseTime: minutes,
        respondedAt: new Date(createdAt.getTime() + minutes * MINUTE_MS),
        indicativePrice: 4 + random.below(40) / 2,
        preparationDelay: '30min',
        pointsAwarded: 10 + bonusPoints,
        pointsBreakdown: { basePoints: 10, bonusPoints, reason: `accepted within ${minutes < 30 ? 30 : 60} minutes` },
      };
    }
    if (ENDED[fate] === 'open') return { ...base, status: 'pending', pointsAwarded: 0 };
    if (fate !== 'expired') {
      const expiredAt = new Date(createdAt.getTime() + 40 * MINUTE_MS);
      return { ...base, status: 'expired', expiredAt, pointsAwarded: 0 };
    }
    const pointsBreakdown = { basePoints: -2, bonusPoints: 0, reason: 'left to expire' };
    const expiredAt = new Date(createdAt.getTime() + RESPONSE_MS);
    return { ...base, status: 'expired', expiredAt, pointsAwarded: -2, pointsBreakdown };
  });
}

/** Medication requests in every state, newest first. */
export function demoMedicationRequests(now: Date): DemoDocument[] {
  return FATES.map(({ fate, patient }, index) => {
    const random = new Random(`medication-request:${index}`);
    const age = ENDED[fate] === 'open' ? 45 * MINUTE_MS : index * DAY_MS + random.below(10) * HOUR_MS;
    const createdAt = new Date(now.getTime() - age);
    const [medicationName, dosage] = random.pick(MEDICINES);
    const pharmacyResponses = entries(fate, patient, createdAt, random);
    const expiresAt = new Date(createdAt.getTime() + RESPONSE_MS);
    const chosen = fate === 'confirmed' || fate === 'pickedUp';
    const pickedUpAt = new Date(createdAt.getTime() + RESPONSE_MS);
    return {
      _id: demoId(`medication-request:${index}`),
      patientId: userId(patientKey(patient)),
      medicationName,
      dosage,
      quantity: 1 + random.below(3),
      urgencyLevel: random.next() < 0.25 ? 'urgent' : 'normal',
      pharmacyResponses,
      globalStatus: ENDED[fate],
      ...(chosen ? { selectedPharmacyId: pharmacyResponses[0]?.['pharmacyId'] } : {}),
      isPickedUp: fate === 'pickedUp',
      ...(fate === 'pickedUp' ? { pickedUpAt } : {}),
      expiresAt,
      dueAt: expiresAt,
      confirmationDeadline: new Date(createdAt.getTime() + DAY_MS),
      requestRadiusKm: 15,
      createdAt,
      updatedAt: createdAt,
      __v: 1,
    };
  });
}

const COMMENTS = ['Accueil rapide et souriant', 'Tout était prêt', 'Un peu d’attente', 'Très bon conseil'];

/** Reviews of every second picked-up request and ratings of the others. */
export function demoOpinions(requests: readonly DemoDocument[]): {
  readonly reviews: DemoDocument[];
  readonly ratings: DemoDocument[];
} {
  const pickedUp = requests.filter((request) => request['isPickedUp'] === true);
  const opinions = pickedUp.map((request, index) => {
    const random = new Random(`opinion:${request._id.toHexString()}`);
    const at = new Date((request['pickedUpAt'] as Date).getTime() + (1 + random.below(5)) * HOUR_MS);
    const [patientId, pharmacyId] = [request['patientId'] as DemoId, request['selectedPharmacyId'] as DemoId];
    const common = {
      _id: demoId(`opinion:${request._id.toHexString()}`),
      patientId,
      pharmacyId,
      comment: random.pick(COMMENTS),
      onceKey: [patientId, pharmacyId, request._id].map((id) => id.toHexString()).join(':'),
      createdAt: at,
      updatedAt: at,
    };
    return { index, request, common, stars: 3 + random.below(3) };
  });
  return {
    reviews: opinions
      .filter(({ index }) => index % 2 === 0)
      .map(({ common, request, stars }) => ({ ...common, requestId: request._id, rating: stars, isVisible: true })),
    ratings: opinions
      .filter(({ index }) => index % 2 === 1)
      .map(({ common, request, stars }) => ({
        ...common,
        medicationRequestId: request._id,
        stars,
        medicationAvailable: true,
        pointsAwarded: { 3: 5, 4: 15, 5: 25 }[stars] ?? 0,
        penaltyApplied: 0,
      })),
  };
}
