import type PDFDocument from 'pdfkit';
import type { Drawing, PathShape, TextShape } from './drawing';
import { fontFile, fontRuns, type FontSubset } from './fonts';

type Document = InstanceType<typeof PDFDocument>;

/** Selects a part of the typeface, registered when it is first needed. */
function select(doc: Document, registered: Set<string>, subset: FontSubset, bold: boolean): void {
  const name = `${subset}-${bold ? 'bold' : 'regular'}`;
  if (!registered.has(name)) {
    doc.registerFont(name, fontFile(subset, bold));
    registered.add(name);
  }
  doc.font(name);
}

function drawText(doc: Document, registered: Set<string>, shape: TextShape): void {
  const runs = fontRuns(shape.text);
  doc.fontSize(shape.size).fillColor(shape.color);
  const widths = runs.map(({ subset, text }) => {
    select(doc, registered, subset, shape.bold);
    return doc.widthOfString(text);
  });
  const width = widths.reduce((sum, part) => sum + part, 0);
  let x = shape.anchor === 'start' ? shape.x : shape.anchor === 'middle' ? shape.x - width / 2 : shape.x - width;
  runs.forEach(({ subset, text }, index) => {
    select(doc, registered, subset, shape.bold);
    doc.text(text, x, shape.y, { lineBreak: false, baseline: 'alphabetic' });
    x += widths[index] ?? 0;
  });
}

function drawPath(doc: Document, { points, closed, fill, stroke, width, dash }: PathShape): void {
  points.forEach(([x, y], index) => {
    if (index === 0) doc.moveTo(x, y);
    else doc.lineTo(x, y);
  });
  if (closed) doc.closePath();
  if (dash === null) doc.undash();
  else doc.dash(dash, { space: dash });
  doc.lineWidth(width).lineJoin('round');
  if (fill !== null && stroke !== null) doc.fillAndStroke(fill, stroke);
  else if (fill !== null) doc.fill(fill);
  else if (stroke !== null) doc.stroke(stroke);
}

/** Writes a drawing as a PDF of one page: searchable text, embedded typeface. */
export async function writePdf(drawing: Drawing, generatedAt: Date): Promise<Buffer> {
  // With the first report and not with the server: loading it takes a twentieth of the start.
  const { default: Pdf } = await import('pdfkit');
  const doc = new Pdf({
    size: [drawing.width, drawing.height],
    margin: 0,
    lang: drawing.language,
    info: { Title: drawing.title, Subject: drawing.description, Creator: 'DiabCare', CreationDate: generatedAt },
  });
  const chunks: Buffer[] = [];
  const registered = new Set<string>();
  return new Promise((resolve, reject) => {
    doc.on('data', (chunk: Buffer) => chunks.push(chunk));
    doc.on('end', () => {
      resolve(Buffer.concat(chunks));
    });
    doc.on('error', reject);
    for (const shape of drawing.shapes) {
      if (shape.kind === 'text') drawText(doc, registered, shape);
      else if (shape.kind === 'path') drawPath(doc, shape);
      else doc.circle(shape.x, shape.y, shape.radius).fill(shape.color);
    }
    doc.end();
  });
}
