export { Clock, SystemClock } from './clock';
export { isInFuture, parseInstant, type ParsedInstant } from './instants';
export { canonicalZone, completedYears, dayBounds, localDay, utcDaysTouched, wallClockOf } from './zones';
