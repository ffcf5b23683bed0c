/** A place on earth, in degrees. */
export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

const EARTH_KM = 6_371;
const RADIAN = Math.PI / 180;

/** Great-circle distance in km (haversine, R = 6,371 km; contract 40 section 2.1). */
export function distanceKm(a: Place, b: Place): number {
  const sinLatitude = Math.sin(((b.latitude - a.latitude) * RADIAN) / 2);
  const sinLongitude = Math.sin(((b.longitude - a.longitude) * RADIAN) / 2);
  const cosines = Math.cos(a.latitude * RADIAN) * Math.cos(b.latitude * RADIAN);
  const h = sinLatitude * sinLatitude + cosines * sinLongitude * sinLongitude;
  return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** Is the difference of latitude alone, one of `radiusKm`, too large? Cheap, and never wrong about who is near. */
export function beyondLatitude(a: Place, b: Place, radiusKm: number): boolean {
  return Math.abs(a.latitude - b.latitude) * RADIAN * EARTH_KM > radiusKm + 1;
}

/** A distance as it is shown: km to 1 decimal. */
export function shownKm(km: number): number {
  return Math.round(km * 10) / 10;
}
