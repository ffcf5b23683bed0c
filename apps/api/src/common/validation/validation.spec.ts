import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../errors';
import {
  Bool,
  buildDto,
  Email,
  FreeObject,
  Id,
  Image,
  Instant,
  Int,
  ManyOf,
  Nested,
  Num,
  OneOf,
  Password,
  PatchBody,
  Str,
  StrList,
  Uuid,
} from '.';

class Inner {
  @Int({ min: 1, max: 5 })
  count!: number;
}

class Body {
  @Str({ max: 5 })
  name!: string;

  @Str({ optional: true, max: 3 })
  note?: string | null;

  @Num({ optional: true, min: 0, max: 5, decimals: 1 })
  mark?: number;

  @Bool({ optional: true })
  flag?: boolean;

  @OneOf(['Online', 'Physical'], { optional: true })
  type?: string;

  @ManyOf(['a', 'b'], { optional: true })
  many?: string[];

  @Id({ optional: true })
  id?: string;

  @Instant({ optional: true })
  at?: { date: Date };

  @Email({ optional: true })
  email?: string;

  @Uuid({ optional: true })
  uuid?: string;

  @StrList({ optional: true, max: 2, itemMax: 3 })
  list?: string[];

  @FreeObject({ optional: true, maxBytes: 40, maxDepth: 2 })
  free?: object;

  @Nested(() => Inner, { optional: true })
  inner?: Inner;

  @Image({ optional: true })
  image?: string;

  @Password({ optional: true })
  password?: string;
}

@PatchBody()
class Patch extends Body {}

type Problem = { field: string; rule: string };

function problems(build: () => unknown): Problem[] {
  try {
    build();
    return [];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.options.details as Problem[];
  }
}

const body = (raw: unknown) => buildDto(Body, raw, 'body');

describe('building a DTO', () => {
  it('normalises what it accepts', () => {
    const dto = body({
      name: ' e\u0301t ',
      type: 'online',
      id: 'ABCDEFABCDEFABCDEFABCDEF',
      many: 'B, a,b',
      email: ' A@B.Example ',
      flag: false,
      mark: 4.5,
      inner: { count: 2 },
    });
    expect(dto).toMatchObject({
      name: 'ét',
      type: 'Online',
      id: 'abcdefabcdefabcdefabcdef',
      many: ['b', 'a'],
      email: 'a@b.example',
      flag: false,
      mark: 4.5,
    });
    expect(dto.inner?.count).toBe(2);
  });

  it.each<[string, unknown, string]>([
    ['name', '', 'length'],
    ['name', 'abcdef', 'length'],
    ['name', 7, 'string'],
    ['name', 'a\u0000', 'characters'],
    ['name', '\ud800', 'characters'],
    ['name', null, 'required'],
    ['mark', 4.55, 'decimals'],
    ['mark', 6, 'range'],
    ['mark', '4', 'number'],
    ['flag', 'true', 'boolean'],
    ['type', 'Phone', 'enum'],
    ['id', 'xyz', 'id'],
    ['at', '2026-02-30', 'instant'],
    ['email', 'a@b', 'email'],
    ['uuid', 'x', 'uuid'],
    ['list', ['a', 'b', 'c'], 'list'],
    ['list', ['abcd'], 'length'],
    ['free', { a: { b: { c: 1 } } }, 'depth'],
    ['free', { $where: 1 }, 'keys'],
    ['free', { 'a.b': 1 }, 'keys'],
    ['free', { _bsontype: 'Long' }, 'keys'],
    ['free', { a: 'x'.repeat(60) }, 'size'],
    ['image', 'http://a.example/x.png', 'image'],
    ['password', 'short', 'length'],
  ])('refuses %s %j by the rule %s', (field, value, rule) => {
    expect(problems(() => body({ name: 'ok', [field]: value }))).toEqual([{ field, rule }]);
  });

  it('names the path of nested problems and of unknown keys, without repeating what was sent', () => {
    expect(problems(() => body({ name: 'ok', inner: { count: 9, extra: 1 }, other: 'x' }))).toEqual([
      { field: 'inner.extra', rule: 'unknown' },
      { field: 'inner.count', rule: 'range' },
      { field: 'other', rule: 'unknown' },
    ]);
  });

  it('reads decimals and words in queries only, and ignores unknown keys there', () => {
    expect(buildDto(Body, { name: 'q', mark: '4.5', flag: 'FALSE', other: '1' }, 'query')).toMatchObject({
      mark: 4.5,
      flag: false,
    });
    for (const mark of ['1e1', '0x1', 'NaN', '', ' '])
      expect(problems(() => buildDto(Body, { name: 'q', mark }, 'query')).length, mark).toBe(mark === '' ? 0 : 1);
  });

  it('tells absent, null and "" apart in a patch', () => {
    const patch = (raw: unknown) => buildDto(Patch, raw, 'body');
    expect(Object.keys(patch({}))).toEqual([]);
    expect(patch({ note: '' }).note).toBeNull();
    expect(patch({ note: null }).note).toBeNull();
    expect(Object.keys(body({ name: 'a', note: '' }))).toEqual(['name']);
    expect(problems(() => patch({ name: null }))).toEqual([{ field: 'name', rule: 'required' }]);
    expect(problems(() => patch({ name: '' }))).toEqual([{ field: 'name', rule: 'length' }]);
  });

  it('answers any JSON with a DTO or with problems, never otherwise', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (raw) => {
        const found = problems(() => body(raw));
        expect(found.every(({ field, rule }) => field !== '' && rule !== '')).toBe(true);
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(
        fc.record(
          {
            name: fc.string({ unit: 'binary' }),
            free: fc.object(),
            list: fc.array(fc.anything()),
            inner: fc.anything(),
          },
          { requiredKeys: [] },
        ),
        (raw) => {
          problems(() => body(raw));
        },
      ),
      { numRuns: 500 },
    );
  });
});
