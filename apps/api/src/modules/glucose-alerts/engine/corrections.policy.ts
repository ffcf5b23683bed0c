import type { AlertReading, Chain } from './alert-types';
import { noteExtreme } from './chain.machine';
import type { Evaluation } from './evaluation';
import { isOut } from './levels.policy';

/**
 * A stored reading was corrected or deleted. A chain of which no out-of-range reading remains never was one; of the others
 * the readings that are shown are brought up to date. Nothing new is told.
 * @param readingId of the reading; the history holds it as it is now, and not at all when it is gone
 */
export function correctReading(run: Evaluation, readingId: string): void {
  for (const chain of [run.state.chains.low, run.state.chains.high])
    if (chain !== null) correctChain(run, chain, readingId);
}

function correctChain(run: Evaluation, chain: Chain, readingId: string): void {
  if (chain.code === 'predicted_low') {
    if (chain.first.id === readingId) run.close(chain, 'withdrawn');
    return;
  }
  const since = run.history.filter((reading) => reading.t >= chain.from);
  const out = since.filter((reading) => isOut(chain.side, reading, run.settings));
  const [firstOut] = out;
  if (firstOut === undefined) {
    run.close(chain, 'withdrawn');
    return;
  }
  chain.lastOutAt = out.at(-1)?.t ?? chain.lastOutAt;
  chain.latest = replaced(chain.latest, readingId, since) ?? firstOut;
  if (chain.extreme.id !== readingId) return;
  chain.extreme = firstOut;
  for (const reading of out) noteExtreme(chain, reading);
}

/** The reading as it is now; the newest other one when it is gone. */
function replaced(reading: AlertReading, readingId: string, since: readonly AlertReading[]): AlertReading | undefined {
  if (reading.id !== readingId) return reading;
  return since.find((other) => other.id === readingId) ?? since.at(-1);
}
