import { ApiProperty } from '@nestjs/swagger';
import { ValidateBy, type ValidationArguments } from 'class-validator';

/** Why a value was refused: the rule's stable name and its text in both languages, without the field's path. */
export interface RuleProblem {
  readonly rule: string;
  readonly en: string;
  readonly fr: string;
}

/** Where a DTO comes from: decimal strings count as numbers, and words as booleans, only in queries. */
export type DtoSource = 'body' | 'query';

/** What one property of a DTO accepts. */
export interface PropertySpec {
  /** The resource can live without the field: absent, null and "" are fine (null clears in PATCH). */
  readonly optional: boolean;
  /** 0 means "not recorded": it is taken like null. */
  readonly zeroIsNone?: boolean;
  /** Turns what was sent into the form the check and the service expect; hands anything it does not understand back. */
  readonly normalise: (raw: unknown, source: DtoSource) => unknown;
  /** Judges the normalised value; never called with undefined, or with null where null is fine. */
  readonly check: (value: unknown) => RuleProblem | null;
  /** For nested DTOs: how to build the value; problems of unknown keys are reported with the path. */
  readonly nested?: { readonly type: () => new () => object; readonly list: boolean };
}

const SPECS = Symbol('diabcare:dto-properties');
const PATCH = Symbol('diabcare:dto-patch');

type SpecMap = Map<string, PropertySpec>;

/** The properties of a DTO class, its parents' first. */
export function propertiesOf(type: abstract new () => object): ReadonlyMap<string, PropertySpec> {
  return (Reflect.getMetadata(SPECS, type) as SpecMap | undefined) ?? new Map<string, PropertySpec>();
}

/**
 * Marks a body of PATCH: every key may be absent, `null` and "" clear an optional field, and both are refused for a
 * required one (contract 00 section 3). The API description says the same.
 */
export function PatchBody(): ClassDecorator {
  return (target) => {
    const base = Object.getPrototypeOf(target) as abstract new () => object;
    const described = isPatchBody(base) ? propertiesOf(base) : new Map<string, PropertySpec>();
    Reflect.defineMetadata(PATCH, true, target);
    // Class decorators come last: the properties are described already, as those of a whole resource. What a patch body
    // has inherited from another is left alone: described here, it would lose its type.
    for (const [key, { optional }] of propertiesOf(target as unknown as abstract new () => object))
      if (described.get(key) === undefined)
        ApiProperty({ required: false, ...(optional ? { nullable: true } : {}) })(target.prototype as object, key);
  };
}

/** Was the class marked with {@link PatchBody}? */
export function isPatchBody(type: abstract new () => object): boolean {
  return Reflect.getMetadata(PATCH, type) === true;
}

const REQUIRED: RuleProblem = { rule: 'required', en: 'is required', fr: 'est requis' };

function judge(spec: PropertySpec, value: unknown, owner: object): RuleProblem | null {
  const patch = isPatchBody(owner.constructor as new () => object);
  if (value === undefined) return spec.optional || patch ? null : REQUIRED;
  if (value === null) return spec.optional ? null : REQUIRED;
  return spec.check(value);
}

/** Registers a property's spec for the DTO builder and as one class-validator rule. */
export function Property(spec: PropertySpec): PropertyDecorator {
  return (target, key) => {
    const type = target.constructor;
    const inherited = Reflect.getMetadata(SPECS, type) as SpecMap | undefined;
    const own = (Reflect.getOwnMetadata(SPECS, type) as SpecMap | undefined) ?? new Map(inherited ?? []);
    own.set(String(key), spec);
    Reflect.defineMetadata(SPECS, own, type);
    ValidateBy({
      name: 'property',
      validator: {
        validate: (value: unknown, args?: ValidationArguments) => judge(spec, value, args?.object ?? {}) === null,
        defaultMessage: (args?: ValidationArguments) =>
          JSON.stringify(judge(spec, args?.value, args?.object ?? {}) ?? REQUIRED),
      },
    })(target, key);
  };
}
