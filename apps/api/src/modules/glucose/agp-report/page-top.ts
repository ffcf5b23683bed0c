import { type Band, bandLimits, GOALS, isPregnancy, type RangeSummary } from '@diabcare/glycemia';
import { type Canvas, INK, PAGE } from './drawing';
import {
  concentration,
  decimal,
  fixed,
  percentText,
  perDayText,
  type ReportContent,
  wholePercents,
} from './report-content';
import { fill } from './texts';

const LEFT = PAGE.margin;
const RIGHT = PAGE.width - PAGE.margin;
const BAND_COLORS: Readonly<Record<Band, string>> = {
  veryLow: INK.veryLow,
  low: INK.low,
  target: INK.inTarget,
  high: INK.high,
  veryHigh: INK.veryHigh,
};

/** Title, patient and period. */
export function drawHeader(canvas: Canvas, content: ReportContent): void {
  const { texts, period, summary, basis, language } = content;
  const { activePercent, intervalMinutes } = summary.sufficiency;
  canvas.text(LEFT, 52, texts.title, { size: 18, bold: true });
  canvas.text(LEFT, 68, content.patientName, { size: 11, bold: true });
  if (content.birthDate !== null)
    canvas.text(LEFT, 81, fill(texts.born, { date: content.birthDate }), { color: INK.muted });
  const right = [
    `${fill(texts.period, { start: period.start, end: period.end })} (${fill(texts.days, { n: String(period.days) })})`,
    content.zone,
    basis === 'smbg' || activePercent === null
      ? null
      : fill(texts.active, { percent: `${fixed(activePercent, 1, language)} %` }),
    basis === 'smbg' || intervalMinutes === null ? null : fill(texts.interval, { minutes: String(intervalMinutes) }),
    fill(texts.generated, { instant: `${content.generatedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC` }),
  ].filter((line) => line !== null);
  right.forEach((line, index) => {
    canvas.text(RIGHT, 47 + index * 11, line, {
      anchor: 'end',
      ...(index === 0 ? { bold: true } : { color: INK.muted }),
    });
  });
  canvas.line([LEFT, 104], [RIGHT, 104], { color: INK.text, width: 0.8 });
}

/** A section's heading. */
export function drawHeading(canvas: Canvas, x: number, y: number, text: string): void {
  canvas.text(x, y, text, { size: 10.5, bold: true });
}

const BAR = { x: LEFT, y: 134, width: 34, height: 150 } as const;

/** The stacked bar of the bands, from very low at the bottom to very high at the top, with limits, shares and goals. */
export function drawRanges(canvas: Canvas, content: ReportContent): void {
  const { texts, summary, population, basis } = content;
  drawHeading(canvas, LEFT, 122, basis === 'cgm' ? texts.ranges : texts.readingsInRange);
  const names: readonly Band[] = isPregnancy(population)
    ? ['veryLow', 'low', 'target', 'high']
    : ['veryLow', 'low', 'target', 'high', 'veryHigh'];
  const shares = names.map((name) => summary.ranges[name]?.percent ?? 0);
  const wholes = wholePercents(shares);
  const rowHeight = BAR.height / names.length;
  let bottom = BAR.y + BAR.height;
  names.forEach((name, index) => {
    const share = shares[index] ?? 0;
    const height = (share / 100) * BAR.height;
    if (height > 0) canvas.box(BAR.x, bottom - height, BAR.width, height, { fill: BAND_COLORS[name] });
    const middle = bottom - height / 2;
    const row = BAR.y + BAR.height - (index + 0.5) * rowHeight;
    canvas.polyline(
      [
        [BAR.x + BAR.width, middle],
        [BAR.x + BAR.width + 10, row],
        [BAR.x + BAR.width + 16, row],
      ],
      { color: BAND_COLORS[name], width: 0.8 },
    );
    drawBandLabel(canvas, content, name, { y: row, percent: percentText(wholes[index] ?? 0, share), share });
    bottom -= height;
  });
  canvas.box(BAR.x, BAR.y, BAR.width, BAR.height, { stroke: INK.muted });
  drawTotals(canvas, content);
}

function drawBandLabel(
  canvas: Canvas,
  content: ReportContent,
  name: Band,
  place: { y: number; percent: string; share: number },
): void {
  const { texts, summary, basis } = content;
  const x = BAR.x + BAR.width + 20;
  canvas.text(x, place.y - 1, texts.bands[name], { bold: true });
  canvas.text(x, place.y + 8, limitsText(content, name), { size: 6.8, color: INK.muted });
  canvas.text(x + 118, place.y + 3, place.percent, { size: 11, bold: true, anchor: 'end' });
  if (basis === 'cgm') canvas.text(x + 124, place.y - 1, perDayText(place.share), { size: 6.8, color: INK.muted });
  const goal = goalText(content, summary.ranges[name]);
  if (goal !== null) canvas.text(x + 124, place.y + 8, goal, { size: 6.8, color: INK.muted });
}

/** Limits of a band as ranges are printed: `70-180 mg/dL`, `<54 mg/dL`, `>250 mg/dL`. */
function limitsText({ population, unit, language }: ReportContent, name: Band): string {
  const limits = bandLimits(population, unit)[name];
  if (limits === null) return '';
  const step = unit === 'mg/dL' ? 1 : 0.1;
  const print = (x: number): string => decimal(unit === 'mg/dL' ? String(x) : x.toFixed(1), language);
  if (limits.min === null) return `<${print(limits.max ?? 0)} ${unit}`;
  if (limits.max === null) return `>${print(limits.min)} ${unit}`;
  // Below the target the upper limit is excluded, above it the lower one.
  const from = name === 'high' ? limits.min + step : limits.min;
  const to = name === 'low' ? limits.max - step : limits.max;
  return `${print(from)}-${print(to)} ${unit}`;
}

function goalText({ texts }: ReportContent, range: RangeSummary | null): string | null {
  const goal = range?.goal ?? null;
  return goal === null ? null : fill(texts.goal, { goal: `${goal.op}${goal.percent} %` });
}

/** The two totals that have goals of their own. */
function drawTotals(canvas: Canvas, content: ReportContent): void {
  const { texts, summary, language } = content;
  const rows = [
    [texts.above, summary.ranges.aboveTarget],
    [texts.below, summary.ranges.belowTarget],
  ] as const;
  rows.forEach(([text, range], index) => {
    if (range?.percent === null || range === null) return;
    const goal = goalText(content, range);
    const line = fill(text, { percent: `${fixed(range.percent, 1, language)} %` });
    canvas.text(LEFT, 298 + index * 11, goal === null ? line : `${line}, ${goal}`, { size: 7.5 });
  });
}

const TABLE = { x: 322, y: 134, width: RIGHT - 322 } as const;

/** Mean, GMI, CV, SD and GRI with units and goals. */
export function drawMetrics(canvas: Canvas, content: ReportContent): void {
  const { texts, summary, population, unit, language } = content;
  drawHeading(canvas, TABLE.x, 122, texts.metrics);
  const goals = GOALS[population];
  const mgdl = (x: number | null): string | null =>
    x === null ? null : `${decimal(concentration(x, unit), language)} ${unit}`;
  const percent = (x: number | null): string | null => (x === null ? null : `${fixed(x, 1, language)} %`);
  const { gri } = summary;
  const rows: [string, string | null, string | null][] = [
    [texts.mean, mgdl(summary.mean), goals.meanMgDl === null ? null : `<${mgdl(goals.meanMgDl.value) ?? ''}`],
    [texts.gmi, percent(summary.gmi), goals.gmi === null ? null : `${goals.gmi.op}${goals.gmi.percent} %`],
    [texts.cv, percent(summary.coefficientOfVariation), goals.coefficientOfVariation === null ? null : '<=36 %'],
    [texts.sd, mgdl(summary.standardDeviation), null],
    [
      texts.gri,
      gri === null ? null : `${fixed(gri.value, 0, language)} (${fill(texts.zone, { zone: gri.zone })})`,
      null,
    ],
  ];
  rows.forEach(([label, value, goal], index) => {
    const y = TABLE.y + 14 + index * 30;
    canvas.text(TABLE.x, y, label);
    if (goal !== null) canvas.text(TABLE.x, y + 10, fill(texts.goal, { goal }), { size: 6.8, color: INK.muted });
    canvas.text(RIGHT, y + 3, value ?? texts.notAvailable, { size: 12, bold: true, anchor: 'end' });
    canvas.line([TABLE.x, y + 16], [RIGHT, y + 16], { color: INK.faint });
  });
  drawReliability(canvas, content);
}

function drawReliability(canvas: Canvas, { texts, summary }: ReportContent): void {
  const { sufficient, reason } = summary.sufficiency;
  if (sufficient || reason === null) return;
  const text = fill(texts.unreliable, { reason: texts.reasons[reason] ?? reason });
  canvas.text(TABLE.x, 298, text, { size: 7.5, bold: true, color: INK.low });
}
