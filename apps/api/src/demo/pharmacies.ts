const CITIES = {
  Paris: { timeZone: 'Europe/Paris', latitude: 48.857, longitude: 2.352 },
  Tunis: { timeZone: 'Africa/Tunis', latitude: 36.806, longitude: 10.182 },
  Montréal: { timeZone: 'America/Montreal', latitude: 45.509, longitude: -73.57 },
} as const;

function pharmacy(
  key: string,
  [prenom, nom, nomPharmacie]: readonly [string, string, string],
  ville: keyof typeof CITIES,
  [north, east]: readonly [number, number],
) {
  const { timeZone, latitude, longitude } = CITIES[ville];
  const place = { latitude: latitude + north / 1_000, longitude: longitude + east / 1_000 };
  return { key, prenom, nom, nomPharmacie, ville, ...place, timeZone };
}

/** Pharmacies beside those of `people`: four in each of three cities together; places in thousandths of a degree. */
export const MORE_PHARMACIES = [
  pharmacy('pharmacist5', ['Damien', 'Rousseau', 'Pharmacie de la Fontaine'], 'Paris', [14, 21]),
  pharmacy('pharmacist6', ['Salomé', 'Weiss', 'Pharmacie du Canal'], 'Paris', [17, 12]),
  pharmacy('pharmacist7', ['Rim', 'Chaabane', 'Pharmacie de la Médina'], 'Tunis', [-7, -11]),
  pharmacy('pharmacist8', ['Walid', 'Ayari', 'Pharmacie du Lac'], 'Tunis', [27, 52]),
  pharmacy('pharmacist9', ['Olfa', 'Mzoughi', 'Pharmacie Carthage'], 'Tunis', [46, 141]),
  pharmacy('pharmacist10', ['Gabriel', 'Pelletier', 'Pharmacie du Plateau'], 'Montréal', [15, -8]),
  pharmacy('pharmacist11', ['Mei', 'Chang', 'Pharmacie Jean-Talon'], 'Montréal', [27, -44]),
  pharmacy('pharmacist12', ['Rosalie', 'Simard', 'Pharmacie du Vieux-Port'], 'Montréal', [-4, 16]),
];

const EVERYWHERE = ['Metformine 850 mg', 'Insuline glargine', 'Insuline lispro', 'Bandelettes', 'Lancettes'];
const SOMEWHERE = [
  'Metformine 1000 mg',
  'Gliclazide 30 mg',
  'Sitagliptine 100 mg',
  'Empagliflozine 10 mg',
  'Dapagliflozine 10 mg',
  'Sémaglutide 0,5 mg',
  'Liraglutide',
  'Dulaglutide 1,5 mg',
  'Insuline dégludec',
  'Insuline asparte',
  'Glucagon',
  'Capteur de glucose',
  'Aiguilles 4 mm',
  'Ramipril 5 mg',
  'Atorvastatine 20 mg',
];

/** What the n-th pharmacy has: something everybody has, and of the rest two things out of three. */
export function demoInventory(index: number): string[] {
  return [...EVERYWHERE, ...SOMEWHERE.filter((_, at) => (at + index) % 3 !== 0)];
}
