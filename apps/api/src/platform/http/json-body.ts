import secureJson from 'secure-json-parse';
import { AppError, invalidField } from '../../common/errors';

/** Deeper JSON than this is refused before it is parsed: no field of the contract nests more than a few levels. */
const MAX_DEPTH = 64;

function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (inString) {
      if (code === 0x5c) i += 1;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) deepest = Math.max(deepest, (depth += 1));
    else if (code === 0x7d || code === 0x5d) depth -= 1;
  }
  return deepest;
}

/**
 * Parses a JSON body. Empty counts as `{}`, because the app sends the JSON media type on every call.
 * @throws AppError MALFORMED_JSON; VALIDATION_FAILED for prototype keys and absurd nesting
 */
export function parseJsonBody(text: string): unknown {
  if (text.trim() === '') return {};
  if (depthOf(text) > MAX_DEPTH)
    throw invalidField('body', 'depth', 'is nested too deeply', 'est imbriqué trop profondément');
  try {
    return secureJson.parse(text, undefined, { protoAction: 'error', constructorAction: 'error' }) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError && /forbidden prototype property/i.test(error.message)) {
      throw invalidField('body', 'keys', 'has a key that is not allowed', 'a une clé interdite');
    }
    throw new AppError('MALFORMED_JSON');
  }
}
