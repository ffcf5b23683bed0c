import type { Tx } from '../../platform/database';

/** Topic of {@link AlertSettingsChanged}. */
export const ALERT_SETTINGS_CHANGED = 'glucose-alert.settings-changed';

/** Payload: the limits of a patient are others now. */
export interface AlertSettingsChanged {
  readonly patientId: string;
  readonly actorId: string;
}

/** Stores that settings were changed, in the order of the patient's evaluations. */
export function emitSettingsChanged(tx: Tx, change: AlertSettingsChanged): void {
  tx.emit({ topic: ALERT_SETTINGS_CHANGED, key: `alert:${change.patientId}`, payload: { ...change } });
}
