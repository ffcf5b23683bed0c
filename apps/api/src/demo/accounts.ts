import { searchTextOf } from '../common/text';
import { inventoryFields, PHARMACY_DEFAULTS } from '../modules/users';
import { demoId, type DemoDocument, type DemoId } from './demo.repository';
import { DOCTORS, PATIENTS, PHARMACIES } from './people';
import { demoInventory } from './pharmacies';
import { Random } from './random';

const DAY_MS = 86_400_000;
const DOMAIN = 'demo.diabcare.example';
const ZONES = ['Europe/Paris', 'Africa/Tunis', 'America/Montreal'] as const;
const TYPES = ['TYPE_1', 'TYPE_1', 'TYPE_2', 'TYPE_2', 'TYPE_2', 'GESTATIONNEL', 'PRE_DIABETE', 'AUTRE'] as const;

/** E-mail of a demo account. */
export function demoEmail(key: string): string {
  return `${key}@${DOMAIN}`;
}

/** Id of the account behind a key. */
export function userId(key: string): DemoId {
  return demoId(`user:${key}`);
}

/** Key of the n-th patient; the first one is simply `patient`. */
export function patientKey(index: number): string {
  return index === 0 ? 'patient' : `patient${index + 1}`;
}

/** Zone of the n-th patient: in the order of the doctors, so that patients live near theirs. */
export function patientZone(index: number): string {
  return ZONES[index % ZONES.length] ?? 'UTC';
}

function base(
  key: string,
  person: { nom: string; prenom: string },
  motDePasse: string,
  createdAt: Date,
  extra: Record<string, unknown>,
): DemoDocument {
  const email = demoEmail(key);
  return {
    _id: userId(key),
    nom: person.nom,
    prenom: person.prenom,
    email,
    motDePasse,
    statutCompte: 'ACTIF',
    searchText: searchTextOf({ ...person, email, nomPharmacie: extra['nomPharmacie'] as string | undefined }),
    createdAt,
    updatedAt: createdAt,
    __v: 0,
    ...extra,
  };
}

/** Numbers set aside for fiction: nobody's telephone rings. */
function telephoneOf(index: number): string {
  const digits = String(index).padStart(2, '0');
  return index % 3 === 2 ? `+1 514 555 01${digits}` : `+33 6 39 98 00 ${digits}`;
}

function patientAccounts(motDePasse: string, now: Date): DemoDocument[] {
  return PATIENTS.map((person, index) => {
    const random = new Random(`patient:${index}`);
    const typeDiabete =
      index === 0
        ? 'TYPE_1'
        : person.sexe === 'HOMME'
          ? random.pick(TYPES.filter((type) => type !== 'GESTATIONNEL'))
          : random.pick(TYPES);
    const birthYear = typeDiabete === 'GESTATIONNEL' ? 1988 + random.below(12) : 1945 + random.below(62);
    return base(patientKey(index), person, motDePasse, new Date(now.getTime() - (40 + random.below(400)) * DAY_MS), {
      role: 'PATIENT',
      telephone: telephoneOf(index),
      timeZone: patientZone(index),
      locale: index % 3 === 2 ? 'en' : 'fr',
      sexe: person.sexe,
      typeDiabete,
      dateNaissance: new Date(Date.UTC(birthYear, random.below(12), 1 + random.below(28))),
      profilMedical: {
        taille: 152 + random.below(40),
        poids: 50 + random.below(50),
        dernierHba1c: Math.round((5.8 + random.next() * 3) * 10) / 10,
        prendInsuline: typeDiabete === 'TYPE_1',
        utiliseCapteurGlucose: random.next() < 0.5,
      },
    });
  });
}

function doctorAccounts(motDePasse: string, now: Date): DemoDocument[] {
  return DOCTORS.map(({ key, sexe: _sexe, ...doctor }, index) =>
    base(key, doctor, motDePasse, new Date(now.getTime() - (500 + index) * DAY_MS), {
      ...doctor,
      role: 'MEDECIN',
      numeroOrdre: `DEMO-M-${index + 1}`,
      description: 'Suivi du diabète de type 1 et 2, éducation thérapeutique.',
      disponible: true,
      noteMoyenne: 0,
      nombreNotes: 0,
    }),
  );
}

function pharmacyAccounts(motDePasse: string, now: Date): DemoDocument[] {
  return PHARMACIES.map(({ key, ville, latitude, longitude, ...pharmacy }, index) =>
    base(key, pharmacy, motDePasse, new Date(now.getTime() - (300 + index) * DAY_MS), {
      ...pharmacy,
      role: 'PHARMACIEN',
      locale: 'fr',
      numeroOrdre: `DEMO-F-${index + 1}`,
      adressePharmacie: `${index + 3} place du Marché, ${ville}`,
      latitude,
      longitude,
      location: { type: 'Point', coordinates: [longitude, latitude] },
      servicesProposes: ['Conseil', 'Livraison'],
      ...inventoryFields(demoInventory(index)),
      ...PHARMACY_DEFAULTS,
      isOnDuty: index % 4 === 0,
      isSuggested: false,
      boostType: 'free',
      responseTimeSum: 0,
      responseCount: 0,
    }),
  );
}

/** Every account of the clinic, its ADMIN included; one password for all. */
export function demoAccounts(motDePasse: string, now: Date): DemoDocument[] {
  const admin = base(
    'admin',
    { nom: 'Clinique', prenom: 'Direction' },
    motDePasse,
    new Date(now.getTime() - 600 * DAY_MS),
    { role: 'ADMIN', timeZone: 'Europe/Paris', locale: 'fr' },
  );
  return [
    ...doctorAccounts(motDePasse, now),
    ...pharmacyAccounts(motDePasse, now),
    admin,
    ...patientAccounts(motDePasse, now),
  ];
}
