import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { fontRuns } from './fonts';
import { perDayText, percentText, wholePercents } from './report-content';
import { Canvas, PAGE } from './drawing';
import { writeSvg } from './svg-writer';

describe('whole percents', () => {
  it.each([
    // 1.57 1.00 88.54 7.56 1.34: floors 1 0 88 7 1 miss 3, which go to .9968, .57 and .56
    [
      [1.574, 0.9968, 88.5362, 7.5551, 1.3379],
      [2, 1, 88, 8, 1],
    ],
    // of equal remainders the lower band is rounded up
    [
      [0.5, 0.5, 99, 0, 0],
      [1, 0, 99, 0, 0],
    ],
    [
      [0, 0, 100, 0, 0],
      [0, 0, 100, 0, 0],
    ],
    [
      [0, 0, 0, 0, 0],
      [0, 0, 0, 0, 0],
    ],
  ])('of %j are %j', (shares, wholes) => {
    expect(wholePercents(shares)).toEqual(wholes);
  });

  it('always sum to 100', () => {
    const counts = fc.array(fc.nat(5_000), { minLength: 5, maxLength: 5 }).filter((list) => list.some((n) => n > 0));
    fc.assert(
      fc.property(counts, (list) => {
        const total = list.reduce((a, b) => a + b);
        const wholes = wholePercents(list.map((n) => (100 * n) / total));
        expect(wholes.reduce((a, b) => a + b)).toBe(100);
      }),
    );
  });

  it('say less than one where something is there', () => {
    expect([percentText(0, 0.2), percentText(0, 0), percentText(3, 3.2)]).toEqual(['<1 %', '0 %', '3 %']);
    // 12.5 % of 1,440 min are 180 min
    expect([perDayText(12.5), perDayText(1)]).toEqual(['3 h 00 min', '14 min']);
  });
});

describe('the written page', () => {
  const drawing = (text: string) => {
    const canvas = new Canvas();
    canvas.text(10, 10, text);
    return {
      width: PAGE.width,
      height: PAGE.height,
      title: text,
      description: text,
      language: 'en' as const,
      shapes: canvas.shapes,
    };
  };

  it('escapes whatever a name holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const svg = writeSvg(drawing(`<script>${text}"'&`));
        expect(svg).not.toContain('<script');
        expect(svg.match(/<text /g)).toHaveLength(1);
      }),
    );
  });

  it('takes each letter from the part of the typeface that has it', () => {
    expect(fontRuns('Zoë Łuk Ωμ Я')).toEqual([
      { subset: 'latin', text: 'Zoë ' },
      { subset: 'latin-ext', text: 'Ł' },
      { subset: 'latin', text: 'uk ' },
      { subset: 'greek', text: 'Ωμ ' },
      { subset: 'cyrillic', text: 'Я' },
    ]);
  });
});
