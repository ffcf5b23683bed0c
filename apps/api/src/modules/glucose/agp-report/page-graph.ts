import { type AgpHour, bandLimits, type Curves, localParts, toMgdl, toMmol } from '@diabcare/glycemia';
import { type Canvas, INK, PAGE, type Point } from './drawing';
import { drawHeading } from './page-top';
import { concentration, decimal, type ReportContent } from './report-content';
import { fill } from './texts';

const LEFT = PAGE.margin;
const RIGHT = PAGE.width - PAGE.margin;
/** Highest value of the vertical axis, mg/dL (19.4 mmol/L). */
export const TOP_MGDL = 350;
const GRAPH = { x: LEFT + 34, y: 352, width: RIGHT - LEFT - 40, height: 190 } as const;
const MINUTES_A_DAY = 1_440;

/** Limits of the target and the two lines beyond it, mg/dL. */
export function lines({ population, unit }: ReportContent) {
  const limits = bandLimits(population, unit);
  const mgdl = (x: number | null | undefined): number | null =>
    x === null || x === undefined ? null : toMgdl(x, unit);
  return {
    low: mgdl(limits.target?.min) ?? 70,
    high: mgdl(limits.target?.max) ?? 180,
    veryLow: mgdl(limits.veryLow?.max) ?? 54,
    veryHigh: mgdl(limits.veryHigh?.min),
  };
}

/** Vertical place of a value; what lies above the axis is cut at its top. */
function yOf(mgdl: number): number {
  return GRAPH.y + GRAPH.height * (1 - Math.min(Math.max(mgdl, 0), TOP_MGDL) / TOP_MGDL);
}

function xOf(minute: number): number {
  return GRAPH.x + (GRAPH.width * minute) / MINUTES_A_DAY;
}

/** The glucose profile over one day: curves for sensors, points for capillary readings, or what is missing for them. */
export function drawGraph(canvas: Canvas, content: ReportContent): void {
  const { texts, basis, agp } = content;
  drawHeading(canvas, LEFT, 336, basis === 'cgm' ? texts.profile : texts.modalDay);
  if (!agp.sufficient) {
    const reason = texts.reasons[agp.reason ?? 'NO_DATA'] ?? '';
    canvas.box(GRAPH.x, GRAPH.y, GRAPH.width, GRAPH.height, { stroke: INK.rule });
    const sentence = `${reason.charAt(0).toUpperCase()}${reason.slice(1)}`;
    canvas.text(GRAPH.x + GRAPH.width / 2, GRAPH.y + GRAPH.height / 2, sentence, {
      size: 10,
      anchor: 'middle',
      color: INK.muted,
    });
    return;
  }
  const { low, high } = lines(content);
  canvas.box(GRAPH.x, yOf(high), GRAPH.width, yOf(low) - yOf(high), { fill: INK.target });
  if (basis === 'cgm') {
    canvas.text(RIGHT, 336, texts.profileNote, { size: 6.8, anchor: 'end', color: INK.muted });
    drawCurves(canvas, agp.bins ?? []);
  } else drawPoints(canvas, content);
  drawAxes(canvas, content);
}

function drawAxes(canvas: Canvas, content: ReportContent): void {
  const { unit, language } = content;
  const { low, high, veryLow, veryHigh } = lines(content);
  for (const strong of [low, high])
    canvas.line([GRAPH.x, yOf(strong)], [GRAPH.x + GRAPH.width, yOf(strong)], { color: INK.goal, width: 1.1 });
  for (const light of [veryLow, veryHigh])
    if (light !== null)
      canvas.line([GRAPH.x, yOf(light)], [GRAPH.x + GRAPH.width, yOf(light)], {
        color: INK.muted,
        width: 0.4,
        dash: 2,
      });
  for (const value of [0, veryLow, low, high, veryHigh, TOP_MGDL])
    if (value !== null)
      canvas.text(GRAPH.x - 4, yOf(value) + 2.4, decimal(concentration(value, unit), language), {
        size: 6.8,
        anchor: 'end',
        color: INK.muted,
      });
  canvas.text(LEFT, GRAPH.y - 5, unit, { size: 6.8, color: INK.muted });
  for (let hour = 0; hour <= 24; hour += 3) {
    canvas.line([xOf(hour * 60), GRAPH.y], [xOf(hour * 60), GRAPH.y + GRAPH.height], { color: INK.faint, width: 0.4 });
    const label = `${String(hour).padStart(2, '0')}:00`;
    canvas.text(xOf(hour * 60), GRAPH.y + GRAPH.height + 9, label, { size: 6.8, anchor: 'middle', color: INK.muted });
  }
  canvas.box(GRAPH.x, GRAPH.y, GRAPH.width, GRAPH.height, { stroke: INK.rule });
}

type CurveKey = keyof Curves;
type Sample = readonly [minute: number, values: Curves];

const KEYS: readonly CurveKey[] = ['p05', 'p25', 'p50', 'p75', 'p95'];

/** Runs of bins that follow each other and have data, drawn from 00:00 to 24:00 and continued over midnight. */
function runs(bins: readonly AgpHour[]): Sample[][] {
  const samples: (Sample | null)[] = bins.map(({ hour, smoothed }) =>
    smoothed.p50 === null ? null : [hour * 60 + 30, smoothed],
  );
  const [first, last] = [samples[0] ?? null, samples.at(-1) ?? null];
  // The middle between 23:30 and 00:30 is midnight: both ends of the day show the same value.
  const midnight = first !== null && last !== null ? middleOf(first[1], last[1]) : null;
  const all = [
    midnight === null ? null : ([0, midnight] as const),
    ...samples,
    midnight === null ? null : ([MINUTES_A_DAY, midnight] as const),
  ];
  const result: Sample[][] = [];
  let run: Sample[] = [];
  for (const sample of [...all, null]) {
    if (sample !== null) run.push(sample);
    else if (run.length > 0) {
      result.push(run);
      run = [];
    }
  }
  return result;
}

function middleOf(a: Curves, b: Curves): Curves {
  const middle = (key: CurveKey): number | null => {
    const [x, y] = [a[key], b[key]];
    return x === null || y === null ? null : (x + y) / 2;
  };
  return { p05: middle('p05'), p25: middle('p25'), p50: middle('p50'), p75: middle('p75'), p95: middle('p95') };
}

function drawCurves(canvas: Canvas, bins: readonly AgpHour[]): void {
  for (const run of runs(bins)) {
    const points = Object.fromEntries(
      KEYS.map((key) => [key, run.map(([minute, values]): Point => [xOf(minute), yOf(values[key] ?? 0)])]),
    ) as Record<CurveKey, Point[]>;
    canvas.polygon([...points.p05, ...points.p95.toReversed()], INK.outer);
    canvas.polygon([...points.p25, ...points.p75.toReversed()], INK.inner);
    for (const key of ['p05', 'p95', 'p25', 'p75'] as const)
      canvas.polyline(points[key], {
        color: INK.median,
        width: 0.4,
        ...(key === 'p05' || key === 'p95' ? { dash: 2 } : {}),
      });
    canvas.polyline(points.p50, { color: INK.median, width: 2 });
  }
}

function drawPoints(canvas: Canvas, { readings, zone }: ReportContent): void {
  for (const { t, value, unit } of readings) {
    const { hour, minute } = localParts(t, zone);
    canvas.dot(xOf(hour * 60 + minute), yOf(toMgdl(value, unit)), 1.6, INK.median);
  }
}

/** The scale in the unit of the page, for the description of the drawing. */
export function axisText({ unit, texts }: ReportContent): string {
  const top = unit === 'mg/dL' ? String(TOP_MGDL) : toMmol(TOP_MGDL).toFixed(1);
  return fill('{profile}, 00:00-24:00, 0-{top} {unit}', { profile: texts.profile, top, unit });
}
