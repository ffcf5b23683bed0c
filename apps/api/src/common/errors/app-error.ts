import { ERROR_CATALOGUE, type ErrorCode } from './catalogue';

/** What an {@link AppError} may carry besides its code. Never a value that was sent by the client. */
export interface AppErrorOptions {
  /** Goes out as `details`. */
  readonly details?: unknown;
  /** Goes out as the header `Retry-After`, whole seconds. */
  readonly retryAfterSeconds?: number;
  /** Replaces the catalogue's text; used only by validation, which answers one line per failed rule. */
  readonly messages?: { readonly en: readonly string[]; readonly fr: readonly string[] };
  /** Replaces the catalogue's text where a figure of the rule makes it clearer. */
  readonly text?: { readonly en: string; readonly fr: string };
  readonly cause?: unknown;
}

/**
 * The one error type that services throw. The exception filter turns it into the envelope of contract 00 section 4;
 * status and texts come from the catalogue, so a code always answers the same way.
 */
export class AppError extends Error {
  readonly status: number;

  constructor(
    readonly code: ErrorCode,
    readonly options: AppErrorOptions = {},
  ) {
    super(ERROR_CATALOGUE[code].en, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.status = ERROR_CATALOGUE[code].status;
  }
}

/** One failed rule of a request: the field's path (`rules[0].start`), the rule's name and its text. */
export interface FieldProblem {
  readonly field: string;
  readonly rule: string;
  readonly en: string;
  readonly fr: string;
}

/** The 400 of failed validation: one message per failed rule, each starting with the path of its field. */
export function validationFailed(problems: readonly FieldProblem[]): AppError {
  return new AppError('VALIDATION_FAILED', {
    details: problems.map(({ field, rule }) => ({ field, rule })),
    messages: {
      en: problems.map((p) => `${p.field} ${p.en}`),
      fr: problems.map((p) => `${p.field} ${p.fr}`),
    },
  });
}

/** Shorthand for a rule between fields that a service finds broken. */
export function invalidField(field: string, rule: string, en: string, fr: string): AppError {
  return validationFailed([{ field, rule, en, fr }]);
}
