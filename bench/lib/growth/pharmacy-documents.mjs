/** What a pharmacy gathers, as the server stores it: requests, opinions, ledger, figures by day, boosts. */
import { ObjectId } from '../server.mjs';
import { DAY, HOUR } from './documents.mjs';

const OUTCOMES = ['accepted', 'accepted', 'unavailable', 'declined', 'expired'];

/** An answered request every two hours, addressed to the pharmacy and to four more. */
export function medicationRequest(patientId, pharmacyId, others, now, n) {
  const at = new Date(now - DAY - n * 2 * HOUR);
  const entry = (id, status) => ({ pharmacyId: id, status, pointsAwarded: 0, respondedAt: at, responseTime: 5 });
  const own = OUTCOMES[n % OUTCOMES.length];
  return {
    _id: new ObjectId(),
    patientId,
    medicationName: n % 3 === 0 ? 'Metformine' : 'Insuline glargine',
    dosage: '850 mg',
    quantity: 1,
    urgencyLevel: 'normal',
    pharmacyResponses: [entry(pharmacyId, own), ...others.map((id) => entry(id, 'declined'))],
    globalStatus: own === 'accepted' ? 'confirmed' : 'expired',
    ...(own === 'accepted' ? { selectedPharmacyId: pharmacyId, pickedUpAt: at } : {}),
    isPickedUp: own === 'accepted',
    expiresAt: new Date(at.getTime() + 2 * HOUR),
    confirmationDeadline: new Date(at.getTime() + 2 * DAY),
    __v: 1,
    createdAt: at,
    updatedAt: at,
  };
}

/** A request that waits for the pharmacy. */
export function waitingRequest(patientId, pharmacyId, now) {
  const base = medicationRequest(patientId, pharmacyId, [], now, 2);
  const at = new Date(now);
  return {
    ...base,
    pharmacyResponses: [{ pharmacyId, status: 'pending', pointsAwarded: 0 }],
    globalStatus: 'open',
    expiresAt: new Date(now + DAY),
    confirmationDeadline: new Date(now + 2 * DAY),
    dueAt: new Date(now + DAY),
    createdAt: at,
    updatedAt: at,
  };
}

/** A review every four hours; 3 to 5 stars in turn. */
export function review(pharmacyId, now, n) {
  const _id = new ObjectId();
  const at = new Date(now - n * 4 * HOUR);
  const said = { rating: 3 + (n % 3), comment: 'Very quick and kind.', isVisible: true };
  return { _id, patientId: new ObjectId(), pharmacyId, ...said, onceKey: `${_id}`, createdAt: at, updatedAt: at };
}

/** A rating of the request of the same number. */
export function rating(pharmacyId, medicationRequestId, patientId, now, n) {
  const _id = new ObjectId();
  const at = new Date(now - n * 4 * HOUR);
  const said = { stars: 3 + (n % 3), medicationAvailable: true, speedRating: 4, pointsAwarded: 5, penaltyApplied: 0 };
  const whose = { _id, pharmacyId, medicationRequestId, patientId, onceKey: `${_id}` };
  return { ...whose, ...said, createdAt: at, updatedAt: at };
}

/** A line of the ledger every hour. */
export function activity(pharmacyId, now, n) {
  const _id = new ObjectId();
  const at = new Date(now - n * HOUR);
  const activityType = ['request_received', 'request_accepted', 'client_pickup'][n % 3];
  const keys = { eventKey: `e${n}`, grantKey: `${_id}` };
  return { _id, pharmacyId, activityType, description: activityType, points: 5, ...keys, createdAt: at, updatedAt: at };
}

/** The figures of a UTC day, n days ago. */
export function period(pharmacyId, now, n) {
  const from = new Date(now - (now % DAY) - n * DAY);
  return { pharmacyId, from, received: 12, accepted: 5, clients: 4, revenue: 60, missed: 1 };
}

/** A boost of a day that ended n days ago. */
export function boost(pharmacyId, now, n) {
  const [startsAt, expiresAt] = [new Date(now - (n + 2) * DAY), new Date(now - (n + 1) * DAY)];
  const fields = { boostType: 'boost_24h', price: 0, radiusKm: 10, status: 'expired', paymentStatus: 'paid' };
  return { pharmacyId, ...fields, startsAt, expiresAt, createdAt: startsAt, updatedAt: startsAt };
}

/** The account fields of a pharmacy, somewhere in France, with a small inventory. */
export function pharmacyFields(index, counts = {}) {
  const [latitude, longitude] = [42 + ((index * 7_919) % 50_000) / 6_250, -4 + ((index * 104_729) % 50_000) / 4_166];
  const medicines = Array.from({ length: 20 }, (_, at) => `medicament ${(index * 31 + at * 17) % 400} mg`);
  return {
    numeroOrdre: `growth-f-${index}`,
    nomPharmacie: `Pharmacie ${index}`,
    latitude,
    longitude,
    location: { type: 'Point', coordinates: [longitude, latitude] },
    points: index % 600,
    badgeLevel: 'bronze',
    unlockedBadges: [],
    listeMedicamentsDisponibles: medicines,
    medicamentsFolded: medicines,
    ...counts,
  };
}
