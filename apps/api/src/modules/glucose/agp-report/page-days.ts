import { analysisReadings, dayStart, toMgdl } from '@diabcare/glycemia';
import { nextDate } from '../days/dates';
import type { AnalysisReading } from '../glucose-readings.repository';
import { type Canvas, INK, PAGE, type Point } from './drawing';
import { lines, TOP_MGDL } from './page-graph';
import { drawHeading } from './page-top';
import type { ReportContent } from './report-content';
import { fill } from './texts';

const LEFT = PAGE.margin;
const RIGHT = PAGE.width - PAGE.margin;
const COLUMNS = 7;
const DAYS = 14;
const TOP = 590;
const ROW = { height: 78, graph: 56 } as const;
const COLUMN = (RIGHT - LEFT) / COLUMNS;
/** A gap that breaks the line, milliseconds. */
const MAX_GAP_MS = 45 * 60_000;

/** The last fourteen days of the period, two rows of seven. */
export function drawDays(canvas: Canvas, content: ReportContent): void {
  drawHeading(canvas, LEFT, TOP - 12, content.texts.daily);
  const { period, basis, zone } = content;
  const readings =
    basis === 'cgm'
      ? analysisReadings(content.readings, zone)
      : content.readings.filter(({ kind }) => kind === 'capillary');
  const count = Math.min(DAYS, period.days);
  for (let index = 0; index < count; index += 1) {
    const date = nextDate(period.end, index + 1 - count);
    const x = LEFT + (index % COLUMNS) * COLUMN;
    const y = TOP + Math.floor(index / COLUMNS) * ROW.height;
    drawDay(canvas, content, { date, x, y, readings });
  }
}

function drawDay(
  canvas: Canvas,
  content: ReportContent,
  day: { date: string; x: number; y: number; readings: readonly AnalysisReading[] },
): void {
  const { date, x, y } = day;
  const { texts, zone } = content;
  const [from, to] = [dayStart(date, zone), dayStart(nextDate(date, 1), zone)];
  const weekday = texts.weekdays[new Date(`${date}T00:00:00Z`).getUTCDay()] ?? '';
  canvas.text(x + 2, y + 8, `${weekday} ${date.slice(8)}.${date.slice(5, 7)}.`, { size: 6.8, bold: true });
  const top = y + 12;
  const yOf = (mgdl: number): number => top + ROW.graph * (1 - Math.min(Math.max(mgdl, 0), TOP_MGDL) / TOP_MGDL);
  const { low, high } = lines(content);
  canvas.box(x, yOf(high), COLUMN, yOf(low) - yOf(high), { fill: INK.target });
  canvas.box(x, top, COLUMN, ROW.graph, { stroke: INK.rule });
  const points = day.readings
    .filter(({ t }) => t >= from && t < to)
    .map(({ t, value, unit }) => ({
      t,
      point: [x + (COLUMN * (t - from)) / (to - from), yOf(toMgdl(value, unit))] as Point,
    }));
  if (content.basis === 'smbg') for (const { point } of points) canvas.dot(point[0], point[1], 1.4, INK.median);
  else for (const run of unbroken(points)) canvas.polyline(run, { color: INK.median, width: 0.9 });
}

/** Lines without the gaps: a single reading between two gaps is a point of its own. */
function unbroken(points: readonly { readonly t: number; readonly point: Point }[]): Point[][] {
  const result: Point[][] = [];
  let last = -Infinity;
  for (const { t, point } of points) {
    const run = result.at(-1);
    if (run === undefined || t - last > MAX_GAP_MS) result.push([point]);
    else run.push(point);
    last = t;
  }
  return result.map((run) => (run.length === 1 && run[0] !== undefined ? [run[0], [run[0][0] + 0.6, run[0][1]]] : run));
}

/** Definitions, specification and caution. */
export function drawFooter(canvas: Canvas, { texts }: ReportContent): void {
  const y = PAGE.height - 44;
  canvas.line([LEFT, y - 10], [RIGHT, y - 10], { color: INK.rule });
  canvas.text(LEFT, y, fill(texts.definitions, { spec: 'glucose-metrics/1' }), { size: 6.5, color: INK.muted });
  canvas.text(LEFT, y + 11, texts.caution, { size: 7.5, bold: true });
}
