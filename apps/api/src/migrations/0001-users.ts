import { ACCOUNT_STATUSES, ROLES } from '../common/enums';
import { fold, searchTextOf } from '../common/text';
import {
  byAge,
  type Database,
  type Migration,
  type Old,
  rewriteEach,
  setting,
  spelled,
  textOf,
} from '../platform/database';

/** Levels by fewest points (contract 40 section 4), highest first. */
const LEVELS = [
  ['diamond', 500],
  ['platinum', 300],
  ['gold', 150],
  ['silver', 50],
  ['bronze', 0],
] as const;

type Point = readonly [longitude: number, latitude: number];

function isCoordinate(value: unknown, max: number): value is number {
  return typeof value === 'number' && Number.isFinite(value) && Math.abs(value) <= max;
}

function pointOf(place: unknown): Point | null {
  const coordinates = (place as { coordinates?: unknown } | null | undefined)?.coordinates;
  if (!Array.isArray(coordinates)) return null;
  const [longitude, latitude] = coordinates as unknown[];
  return isCoordinate(longitude, 180) && isCoordinate(latitude, 90) ? [longitude, latitude] : null;
}

/** The place in all its forms; a location that is no point would keep the geographic index from being built. */
function placeOf(user: Old): Record<string, unknown> {
  const { latitude, longitude } = user;
  const pair: Point | null = isCoordinate(latitude, 90) && isCoordinate(longitude, 180) ? [longitude, latitude] : null;
  const point = pointOf(user['location']) ?? pointOf(user['pharmacyLocation']) ?? pair;
  if (point === null) return { location: null, pharmacyLocation: null };
  const [lng, lat] = point;
  return {
    location: { type: 'Point', coordinates: [lng, lat] },
    longitude: lng,
    latitude: lat,
    pharmacyLocation: null,
  };
}

function pharmacistFields(user: Old): Record<string, unknown> {
  const points = typeof user['points'] === 'number' ? user['points'] : 0;
  const isLevel = LEVELS.some(([level]) => level === user['badgeLevel']);
  const medicines = Array.isArray(user['listeMedicamentsDisponibles']) ? user['listeMedicamentsDisponibles'] : [];
  return {
    badgeLevel: isLevel ? undefined : (LEVELS.find(([, least]) => points >= least)?.[0] ?? 'bronze'),
    medicamentsFolded: medicines.filter((name): name is string => typeof name === 'string').map(fold),
  };
}

/** Addresses by account: trimmed and lower case, and whose it stays where several have the same one. */
async function addressesOf(connection: Database): Promise<{ owners: Map<string, string>; clashes: number }> {
  const byAddress = new Map<string, Old[]>();
  const users = connection.collection('users').find<Old>({}, { projection: { email: 1, createdAt: 1 } });
  for await (const user of users) {
    const address = textOf(user['email']).trim().toLowerCase();
    byAddress.set(address, [...(byAddress.get(address) ?? []), user]);
  }
  const owners = new Map<string, string>();
  let clashes = 0;
  for (const [address, group] of byAddress) {
    clashes += group.length - 1;
    // Who has it in that spelling already, else the oldest account.
    const owner = group.find((user) => user['email'] === address) ?? [...group].sort(byAge)[0];
    owners.set(address, String(owner?._id));
  }
  return { owners, clashes };
}

/** Step 1: roles, states, searched texts, places, levels and e-mail addresses of accounts. */
export const users: Migration = {
  name: '0001-users',
  async up(connection, run) {
    const { owners, clashes } = await addressesOf(connection);
    const taken = new Set<string>();
    const changed = await rewriteEach(connection, 'users', run, (user) => {
      if (user['deletedAt'] !== undefined && user['deletedAt'] !== null) return null;
      const role = spelled(user['role'], ROLES);
      const email = addressOf(user, owners, taken);
      const names = {
        nom: textOf(user['nom']),
        prenom: textOf(user['prenom']),
        nomPharmacie: textOf(user['nomPharmacie']),
      };
      return setting(user, {
        role,
        email,
        nom: typeof user['nom'] === 'string' ? undefined : '',
        prenom: typeof user['prenom'] === 'string' ? undefined : '',
        statutCompte: spelled(user['statutCompte'], ACCOUNT_STATUSES) ?? 'ACTIF',
        timeZone: typeof user['timeZone'] === 'string' ? undefined : 'UTC',
        locale: typeof user['locale'] === 'string' ? undefined : 'en',
        searchText: searchTextOf({ ...names, email }),
        ...(role === 'MEDECIN' || role === 'ADMIN' ? {} : placeOf(user)),
        ...(role === 'PHARMACIEN' ? pharmacistFields(user) : {}),
      });
    });
    return { changed, emailClashes: clashes };
  },
};

/**
 * The address that an account gets. Of several with the same one the owner has it and the others keep their own
 * spelling; where even that is somebody's, an address that reaches nobody, since no two accounts may share one.
 */
function addressOf(user: Old, owners: ReadonlyMap<string, string>, taken: Set<string>): string {
  const stored = textOf(user['email']);
  const address = stored.trim().toLowerCase();
  if (owners.get(address) === String(user._id)) return address;
  const kept = stored === address || taken.has(stored) ? `clash-${String(user._id)}@clash.invalid` : stored;
  taken.add(kept);
  return kept;
}
