import { DateTime } from 'luxon';
import { NOTIFICATION_TYPES, type NotificationType, type Severity } from '../notification.schema';

/** By which ways an account is told of one type. */
export interface Channels {
  readonly inApp: boolean;
  readonly push: boolean;
  readonly email: boolean;
}

/** Hours of the owner's wall clock, `HH:MM`, in which push and mail stay away; from `start` up to, not with, `end`. */
export interface QuietHours {
  readonly enabled: boolean;
  readonly start: string;
  readonly end: string;
}

/** Complete preferences: every type with every channel. */
export interface Preferences {
  readonly timeZone: string;
  readonly quietHours: QuietHours;
  readonly types: Readonly<Record<NotificationType, Channels>>;
}

type Optional<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** Preferences as they are sent or stored: anything may be missing. */
export interface PartialPreferences {
  readonly timeZone?: string | undefined;
  readonly quietHours?: Optional<QuietHours> | undefined;
  readonly types?: { readonly [K in NotificationType]?: Optional<Channels> | undefined } | undefined;
}

/** Switches above all preferences; only pharmacists have them. */
export interface MasterSwitches {
  readonly push: boolean;
  readonly email: boolean;
}

const DEFAULT_CHANNELS: Channels = { inApp: true, push: true, email: false };
const DEFAULT_QUIET: QuietHours = { enabled: false, start: '22:00', end: '07:00' };

/** Fills what is missing with the defaults of contract 70 section 4. @param ownZone the zone of the account */
export function completePreferences(given: PartialPreferences, ownZone: string): Preferences {
  const { quietHours = {}, types = {} } = given;
  const channels = NOTIFICATION_TYPES.map((type): [NotificationType, Channels] => [
    type,
    channelsOf(type, types[type] ?? {}),
  ]);
  return {
    timeZone: given.timeZone ?? ownZone,
    quietHours: {
      enabled: quietHours.enabled ?? DEFAULT_QUIET.enabled,
      start: quietHours.start ?? DEFAULT_QUIET.start,
      end: quietHours.end ?? DEFAULT_QUIET.end,
    },
    // Made from the list of all types, so none is missing.
    types: Object.fromEntries(channels) as Record<NotificationType, Channels>,
  };
}

function channelsOf(type: NotificationType, given: Optional<Channels>): Channels {
  return {
    // A glucose alert can always be found in the app, whatever was sent.
    inApp: type === 'patient_alert' || (given.inApp ?? DEFAULT_CHANNELS.inApp),
    push: given.push ?? DEFAULT_CHANNELS.push,
    email: given.email ?? DEFAULT_CHANNELS.email,
  };
}

function minuteOfDay(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

/**
 * Does the owner's wall clock stand in the quiet hours? What the clock shows decides, whatever the day: on a day with a
 * clock change times that are skipped never come, those that come twice are quiet (or not) both times.
 */
export function isQuiet(quietHours: QuietHours, zone: string, at: Date): boolean {
  if (!quietHours.enabled) return false;
  const local = DateTime.fromJSDate(at, { zone });
  const now = local.hour * 60 + local.minute;
  const [start, end] = [minuteOfDay(quietHours.start), minuteOfDay(quietHours.end)];
  return start < end ? now >= start && now < end : now >= start || now < end;
}

/** What is known of an event when its ways are chosen. */
export interface Occasion {
  readonly type: NotificationType;
  readonly severity: Severity;
  /** Leaves in quiet hours although it is not critical: `no_data` where the patient wants it. */
  readonly passesQuietHours: boolean;
  /** When it happened, and now: what happened in quiet hours is not made up for, what happened before waits for nothing. */
  readonly instants: readonly Date[];
}

/** The ways by which an account is told of an event. */
export function channelsFor(preferences: Preferences, masters: MasterSwitches, occasion: Occasion): Channels {
  const wanted = preferences.types[occasion.type];
  const passes = occasion.severity === 'critical' || occasion.passesQuietHours;
  const quiet = !passes && occasion.instants.some((at) => isQuiet(preferences.quietHours, preferences.timeZone, at));
  return {
    inApp: wanted.inApp,
    push: wanted.push && masters.push && !quiet,
    email: wanted.email && masters.email && !quiet,
  };
}
