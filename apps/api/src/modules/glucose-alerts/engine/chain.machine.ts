import { toMgdl } from '@diabcare/glycemia';
import { StateMachine } from '../../../common/state-machine';
import type { AlertReading, Chain, ChainCode, ChainRecipient, LevelNotices } from './alert-types';
import type { Evaluation } from './evaluation';
import { isMoreExtreme, isOut, LEVELS } from './levels.policy';
import { runStart } from './runs.policy';

/** States of glucose-alerts section 3; acknowledged and snoozed are those of one recipient, who may answer again. */
export const chainMachine = new StateMachine(
  'glucose alert',
  {
    idle: ['pending', 'active'],
    pending: ['idle', 'active'],
    active: ['active', 'acknowledged', 'snoozed', 'idle', 'withdrawn', 'expired'],
    acknowledged: ['active', 'acknowledged', 'snoozed', 'idle', 'withdrawn', 'expired'],
    snoozed: ['active', 'acknowledged', 'snoozed', 'idle', 'withdrawn', 'expired'],
    withdrawn: ['idle'],
    expired: ['idle'],
  },
  ['idle'],
);

/** How a recipient of an open chain stands to it. */
export type Standing = 'active' | 'acknowledged' | 'snoozed';

/** The recipient's answer as far as it still covers the level reached. */
export function standingOf(recipient: ChainRecipient, code: ChainCode, now: number): Standing {
  const covers = (answered: ChainCode | null): boolean =>
    answered !== null && LEVELS[answered].rank >= LEVELS[code].rank;
  if (recipient.snoozedUntil !== null && recipient.snoozedUntil > now && covers(recipient.snoozedCode))
    return 'snoozed';
  return recipient.acknowledgedAt !== null && covers(recipient.acknowledgedCode) ? 'acknowledged' : 'active';
}

/** The recipient's part of a chain, made on first use. */
export function recipientOf(chain: Chain, userId: string): ChainRecipient {
  const known = chain.recipients.find((recipient) => recipient.userId === userId);
  if (known !== undefined) return known;
  const made: ChainRecipient = {
    userId,
    levels: [],
    acknowledgedAt: null,
    acknowledgedCode: null,
    snoozedUntil: null,
    snoozedCode: null,
  };
  chain.recipients.push(made);
  return made;
}

/** What a recipient was told of a level; undefined when nothing yet. */
export function noticesOf(recipient: ChainRecipient, code: ChainCode): LevelNotices | undefined {
  return recipient.levels.find((level) => level.code === code);
}

/** Opens a chain with the reading that met its first level. */
export function openChain(run: Evaluation, code: ChainCode, reading: AlertReading): Chain {
  const { side } = LEVELS[code];
  const start = runStart(reading, run.history, (other) => isOut(side, other, run.settings));
  const chain: Chain = {
    id: run.input.newId(),
    side,
    code,
    reachedAt: reading.t,
    openedAt: reading.t,
    from: start?.t ?? reading.t,
    first: reading,
    latest: reading,
    extreme: reading,
    lastOutAt: reading.t,
    left: false,
    recheckAt: null,
    closedAt: null,
    closedBy: null,
    escalated: [],
    waiting: [],
    recipients: [],
  };
  run.state.chains[side] = chain;
  return chain;
}

/** A higher level is met: acknowledgement and snooze of everybody end. */
export function raiseChain(chain: Chain, code: ChainCode, at: number): void {
  chain.code = code;
  chain.reachedAt = at;
  chain.left = false;
  for (const recipient of chain.recipients) {
    recipient.acknowledgedAt = null;
    recipient.acknowledgedCode = null;
    recipient.snoozedUntil = null;
    recipient.snoozedCode = null;
  }
}

/** Keeps the most extreme reading of a chain. */
export function noteExtreme(chain: Chain, reading: AlertReading): void {
  const value = toMgdl(reading.value, reading.unit);
  if (isMoreExtreme(chain.side, value, toMgdl(chain.extreme.value, chain.extreme.unit))) chain.extreme = reading;
}
