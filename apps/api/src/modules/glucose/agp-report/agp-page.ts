import { Canvas, type Drawing, INK, PAGE } from './drawing';
import { drawDays, drawFooter } from './page-days';
import { axisText, drawGraph } from './page-graph';
import { drawHeader, drawMetrics, drawRanges } from './page-top';
import type { ReportContent } from './report-content';
import { fill } from './texts';

/** Lays the one-page report out (glucose metrics section 16), for whatever it is written to. */
export function agpPage(content: ReportContent): Drawing {
  const canvas = new Canvas();
  canvas.box(0, 0, PAGE.width, PAGE.height, { fill: '#ffffff' });
  drawHeader(canvas, content);
  if (content.summary.sufficiency.readings === 0) {
    canvas.text(PAGE.width / 2, PAGE.height / 2, content.texts.noData, {
      size: 12,
      anchor: 'middle',
      color: INK.muted,
    });
  } else {
    drawRanges(canvas, content);
    drawMetrics(canvas, content);
    drawGraph(canvas, content);
    drawDays(canvas, content);
  }
  drawFooter(canvas, content);
  const { texts, period, patientName } = content;
  const days = fill(texts.period, { start: period.start, end: period.end });
  return {
    width: PAGE.width,
    height: PAGE.height,
    title: `${texts.title}, ${patientName}, ${days}`,
    description: axisText(content),
    language: content.language,
    shapes: canvas.shapes,
  };
}
