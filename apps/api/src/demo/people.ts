import { MORE_PHARMACIES } from './pharmacies';

/** The people of the demo clinic; invented, with names from many places. */

/** Somebody of the demo clinic. */
export interface DemoPerson {
  readonly prenom: string;
  readonly nom: string;
  readonly sexe: 'HOMME' | 'FEMME';
}

const F = 'FEMME' as const;
const H = 'HOMME' as const;

function person(prenom: string, nom: string, sexe: DemoPerson['sexe']): DemoPerson {
  return { prenom, nom, sexe };
}

/** A doctor of the demo clinic; `key` makes the id, `tarifConsultation` is in currency units. */
export interface DemoDoctor extends DemoPerson {
  readonly key: string;
  readonly specialite: string;
  readonly clinique: string;
  readonly adresseCabinet: string;
  readonly timeZone: string;
  readonly locale: 'en' | 'fr';
  readonly anneesExperience: number;
  readonly tarifConsultation: number;
}

/** The doctors; the first one is the demo account. */
export const DOCTORS: readonly DemoDoctor[] = [
  {
    ...person('Élodie', 'Moreau-Lefèvre', F),
    key: 'doctor',
    specialite: 'Endocrinologie',
    clinique: 'Clinique des Tilleuls',
    adresseCabinet: '12 rue des Tilleuls, Paris',
    timeZone: 'Europe/Paris',
    locale: 'fr',
    anneesExperience: 14,
    tarifConsultation: 60,
  },
  {
    ...person('Karim', 'Ben Youssef', H),
    key: 'doctor2',
    specialite: 'Diabétologie',
    clinique: 'Centre El Manar',
    adresseCabinet: '4 avenue de la Liberté, Tunis',
    timeZone: 'Africa/Tunis',
    locale: 'fr',
    anneesExperience: 9,
    tarifConsultation: 45,
  },
  {
    ...person('Margaret', 'O’Connell', F),
    key: 'doctor3',
    specialite: 'Médecine interne',
    clinique: 'Clinique du Mont-Royal',
    adresseCabinet: '880 rue Sherbrooke, Montréal',
    timeZone: 'America/Montreal',
    locale: 'en',
    anneesExperience: 21,
    tarifConsultation: 95,
  },
];

/** The pharmacies; the first one is the demo account. */
export const PHARMACIES = [
  {
    key: 'pharmacist',
    prenom: 'Lucie',
    nom: 'Garnier',
    nomPharmacie: 'Pharmacie du Marché',
    ville: 'Paris',
    latitude: 48.8606,
    longitude: 2.3376,
    timeZone: 'Europe/Paris',
  },
  {
    key: 'pharmacist2',
    prenom: 'Sami',
    nom: 'Trabelsi',
    nomPharmacie: 'Pharmacie El Amen',
    ville: 'Tunis',
    latitude: 36.8065,
    longitude: 10.1815,
    timeZone: 'Africa/Tunis',
  },
  {
    key: 'pharmacist3',
    prenom: 'Noémie',
    nom: 'Bouchard',
    nomPharmacie: 'Pharmacie Saint-Denis',
    ville: 'Montréal',
    latitude: 45.5163,
    longitude: -73.5687,
    timeZone: 'America/Montreal',
  },
  {
    key: 'pharmacist4',
    prenom: 'Anaïs',
    nom: 'Perrin',
    nomPharmacie: 'Pharmacie des Écoles',
    ville: 'Paris',
    latitude: 48.8489,
    longitude: 2.3464,
    timeZone: 'Europe/Paris',
  },
  ...MORE_PHARMACIES,
] as const;

/** Sixty patients; the first one is the demo account. */
export const PATIENTS: readonly DemoPerson[] = [
  person('Youssef', 'Benali', H),
  person('Ana', 'Škoda', F),
  person('François', 'Lefebvre', H),
  person('Zoé', 'Martin', F),
  person('Łukasz', 'Wiśniewski', H),
  person('Søren', 'Ågård', H),
  person('Μαρία', 'Παπαδοπούλου', F),
  person('Олег', 'Шевченко', H),
  person('فاطمة', 'الزهراء', F),
  person('محمد', 'العربي', H),
  person('Nguyễn', 'Thị Lan', F),
  person('José', 'Núñez', H),
  person('Chloé', 'Dubois', F),
  person('Amina', 'Trabelsi', F),
  person('Jean-Baptiste', 'Roy', H),
  person('Sinéad', 'Murphy', F),
  person('Émile', 'Tremblay', H),
  person('Maëlle', 'Gagnon', F),
  person('Håkon', 'Bjørnstad', H),
  person('Inès', 'Carvalho', F),
  person('Gérard', 'Petit', H),
  person('Nadia', 'Haddad', F),
  person('Tomáš', 'Dvořák', H),
  person('Ioana', 'Popescu', F),
  person('Raphaël', 'Girard', H),
  person('Yasmine', 'Jaziri', F),
  person('Björk', 'Einarsdóttir', F),
  person('Rafał', 'Zieliński', H),
  person('Léa', 'Fontaine', F),
  person('Mehdi', 'Gharbi', H),
  person('Aïcha', 'Diallo', F),
  person('Théo', 'Mercier', H),
  person('Ximena', 'Ibáñez', F),
  person('Dmitri', 'Volkov', H),
  person('Αλέξανδρος', 'Νικολάου', H),
  person('Sofía', 'Muñoz', F),
  person('Hélène', 'Boucher', F),
  person('Ousmane', 'Traoré', H),
  person('Agnieszka', 'Nowak', F),
  person('Cédric', 'Blanc', H),
  person('Leïla', 'Mansouri', F),
  person('Étienne', 'Côté', H),
  person('Fatoumata', 'Keïta', F),
  person('Günter', 'Strauß', H),
  person('Mireille', 'Faure', F),
  person('Tarek', 'Sassi', H),
  person('Élise', 'Renaud', F),
  person('Patrick', 'Gallagher', H),
  person('Sümeyye', 'Yılmaz', F),
  person('Benoît', 'Lacroix', H),
  person('Olivia', 'Bergeron', F),
  person('Nabil', 'Khelifi', H),
  person('Camille', 'Leroux', F),
  person('Vincenzo', 'D’Amico', H),
  person('Salma', 'Ayari', F),
  person('Maxime', 'Pelletier', H),
  person('Thuý', 'Phạm', F),
  person('Adrien', 'Colin', H),
  person('Rania', 'Bouzid', F),
  person('Lionel', 'Marchand', H),
];
