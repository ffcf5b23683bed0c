import { fold } from '../../common/text';

/** Most entries of an inventory. */
export const MAX_INVENTORY = 2_000;

/** Entries are the same without regard to case (contract 40 section 2.2); accents make a difference. */
export function inventoryKey(entry: string): string {
  return entry.toLowerCase();
}

/** The entries without repeats; the first spelling stays. */
function distinctEntries(entries: readonly string[]): string[] {
  const seen = new Map<string, string>();
  for (const entry of entries) if (!seen.has(inventoryKey(entry))) seen.set(inventoryKey(entry), entry);
  return [...seen.values()];
}

/** An inventory as it is stored: the entries, and folded what searches look in. */
export function inventoryFields(entries: readonly string[]): {
  listeMedicamentsDisponibles: string[];
  medicamentsFolded: string[];
} {
  const distinct = distinctEntries(entries);
  return { listeMedicamentsDisponibles: distinct, medicamentsFolded: distinct.map(fold) };
}
