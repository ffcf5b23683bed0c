import { validateSync, type ValidationError } from 'class-validator';
import { type FieldProblem, validationFailed } from '../errors';
import { type DtoSource, isPatchBody, propertiesOf, type PropertySpec, type RuleProblem } from './property';

type DtoClass<T extends object> = new () => T;

const UNKNOWN: RuleProblem = { rule: 'unknown', en: 'is not a known field', fr: "n'est pas un champ connu" };
const OBJECT: RuleProblem = { rule: 'object', en: 'must be an object', fr: 'doit être un objet' };
// A hostile body can name thousands of unknown keys; the answer need not repeat them all.
const MAX_PROBLEMS = 50;
const MAX_KEY_LENGTH = 60;

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A key of the client's own invention, made fit for a message. */
function printable(key: string): string {
  if (key === '') return '(empty)';
  // eslint-disable-next-line no-control-regex -- control characters are exactly what must not reach the message
  return key.slice(0, MAX_KEY_LENGTH).replace(/[\u0000-\u001f\u007f]/g, '?');
}

class DtoBuilder {
  readonly problems: FieldProblem[] = [];

  constructor(private readonly source: DtoSource) {}

  build<T extends object>(type: DtoClass<T>, raw: unknown, path: string, patch: boolean): T {
    const dto = Object.create(type.prototype as object) as T & Record<string, unknown>;
    if (!isPlainObject(raw)) {
      this.report(path === '' ? 'body' : path, OBJECT);
      return dto;
    }
    const specs = propertiesOf(type);
    for (const key of Object.keys(raw)) {
      const spec = specs.get(key);
      if (spec === undefined) {
        if (this.source === 'body') this.report(join(path, printable(key)), UNKNOWN);
        continue;
      }
      const value = this.value(spec, raw[key], join(path, key), patch);
      if (value !== undefined) (dto as Record<string, unknown>)[key] = value;
    }
    return dto;
  }

  private value(spec: PropertySpec, raw: unknown, path: string, patch: boolean): unknown {
    if (raw === undefined) return undefined;
    if (raw === null || raw === '' || (raw === 0 && spec.zeroIsNone === true)) {
      if (spec.optional) return patch ? null : undefined;
      return raw === null ? null : spec.normalise(raw, this.source);
    }
    if (spec.nested === undefined) return spec.normalise(raw, this.source);
    const { type, list } = spec.nested;
    if (!list) return isPlainObject(raw) ? this.nested(type(), raw, path) : raw;
    if (!Array.isArray(raw)) return raw;
    // The list's own rule judges its length; the elements of an overlong one are not worth building.
    if (spec.check(raw) !== null) return raw;
    return raw.map((item: unknown, index) => this.nested(type(), item, `${path}[${index}]`));
  }

  private nested(type: DtoClass<object>, raw: unknown, path: string): object {
    const dto = this.build(type, raw, path, isPatchBody(type));
    if (isPlainObject(raw)) this.validate(dto, path);
    return dto;
  }

  validate(dto: object, path: string): void {
    const errors: ValidationError[] = validateSync(dto, {
      forbidUnknownValues: false,
      validationError: { target: false },
    });
    for (const error of errors) {
      for (const message of Object.values(error.constraints ?? {})) {
        this.report(join(path, error.property), JSON.parse(message) as RuleProblem);
      }
    }
  }

  private report(field: string, problem: RuleProblem): void {
    if (this.problems.length < MAX_PROBLEMS) this.problems.push({ field, ...problem });
  }
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

/**
 * Builds and judges a DTO from what was sent. Unknown keys are refused in bodies and ignored in queries; the result
 * holds known keys only, so nothing reaches a service by accident.
 * @throws AppError VALIDATION_FAILED with one message per failed rule
 */
export function buildDto<T extends object>(type: DtoClass<T>, raw: unknown, source: DtoSource): T {
  const builder = new DtoBuilder(source);
  const dto = builder.build(type, raw, '', isPatchBody(type));
  if (isPlainObject(raw)) builder.validate(dto, '');
  if (builder.problems.length > 0) throw validationFailed(builder.problems);
  return dto;
}
