const MAX_CAUSES = 3;
// Messages of these name the value that was refused: a key, an address, a field's content.
const SPEAKS_OF_VALUES = /^(?:Mongo|BSON|Bulk|Validation|Cast|Syntax)/;

/** An error fit for the log. */
export interface ErrorDescription {
  readonly name: string;
  readonly code?: string | number;
  /** Only for errors whose text cannot hold somebody's data. */
  readonly message?: string;
  readonly stack: string;
  readonly cause?: ErrorDescription;
}

/** Name, code and frames of an error; its message only where that cannot repeat stored or sent values. */
export function describeError(error: unknown, stackOverride?: string, depth = 0): ErrorDescription {
  if (!(error instanceof Error)) return { name: typeof error, stack: '' };
  const { code } = error as Error & { code?: unknown };
  const frames = (stackOverride ?? error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .map((line) => line.trim())
    .join('\n');
  return {
    name: error.name,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(SPEAKS_OF_VALUES.test(error.name) ? {} : { message: error.message.slice(0, 300) }),
    stack: frames,
    ...(error.cause instanceof Error && depth < MAX_CAUSES
      ? { cause: describeError(error.cause, undefined, depth + 1) }
      : {}),
  };
}
