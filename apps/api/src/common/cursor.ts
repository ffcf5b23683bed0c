import { AppError } from './errors';
import { parseInstant } from './time';

/** `before` of a cursor list: an instant, or the id of an element (contract 00 section 6). */
export type Cursor = { readonly kind: 'instant'; readonly at: Date } | { readonly kind: 'id'; readonly id: string };

/** Reads a cursor. @throws AppError INVALID_CURSOR when it is neither an instant nor an id */
export function parseCursor(text: string): Cursor {
  if (/^[0-9a-f]{24}$/i.test(text)) return { kind: 'id', id: text.toLowerCase() };
  // "+" of an offset arrives as a space when a client forgets to encode it.
  const instant = parseInstant(text) ?? parseInstant(text.replace(/ (?=\d{2}:?\d{2}$)/, '+'));
  if (instant === null) throw new AppError('INVALID_CURSOR');
  return { kind: 'instant', at: instant.date };
}
