import type { Drawing, PathShape, Shape, TextShape } from './drawing';
import { EMBEDDED, fontFile } from './fonts';

/** Escapes what is data: nothing in a name can become markup. */
function escape(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

/** Two decimals are a seventieth of a millimetre. */
function n(x: number): string {
  return String(Math.round(x * 100) / 100);
}

function path({ points, closed, fill, stroke, width, dash }: PathShape): string {
  const d = points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${n(x)} ${n(y)}`).join('');
  const line = stroke === null ? '' : ` stroke="${stroke}" stroke-width="${n(width)}" stroke-linejoin="round"`;
  const dashed = dash === null ? '' : ` stroke-dasharray="${n(dash)}"`;
  return `<path d="${d}${closed ? 'Z' : ''}" fill="${fill ?? 'none'}"${line}${dashed}/>`;
}

function text(shape: TextShape): string {
  const weight = shape.bold ? ' font-weight="600"' : '';
  const anchor = shape.anchor === 'start' ? '' : ` text-anchor="${shape.anchor}"`;
  const place = `x="${n(shape.x)}" y="${n(shape.y)}" font-size="${n(shape.size)}"`;
  return `<text ${place}${weight}${anchor} fill="${shape.color}">${escape(shape.text)}</text>`;
}

function element(shape: Shape): string {
  if (shape.kind === 'text') return text(shape);
  if (shape.kind === 'path') return path(shape);
  return `<circle cx="${n(shape.x)}" cy="${n(shape.y)}" r="${n(shape.radius)}" fill="${shape.color}"/>`;
}

function fontFaces(): string {
  return EMBEDDED.flatMap((subset) =>
    [false, true].map((bold) => {
      const data = fontFile(subset, bold).toString('base64');
      const range = subset === 'latin' ? '' : 'unicode-range:U+100-2AF,U+1E00-1EFF;';
      return `@font-face{font-family:"AGP";font-weight:${bold ? 600 : 400};${range}src:url(data:font/woff;base64,${data}) format("woff");}`;
    }),
  ).join('');
}

/** Writes a drawing as SVG: real text, embedded typeface, no scripts, nothing from elsewhere. Equal drawings, equal bytes. */
export function writeSvg(drawing: Drawing): string {
  const { width, height } = drawing;
  const size = `width="${n(width)}pt" height="${n(height)}pt" viewBox="0 0 ${n(width)} ${n(height)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} lang="${drawing.language}" role="img" aria-labelledby="t d">`,
    `<title id="t">${escape(drawing.title)}</title>`,
    `<desc id="d">${escape(drawing.description)}</desc>`,
    `<style>${fontFaces()}text{font-family:"AGP","IBM Plex Sans",sans-serif;}</style>`,
    ...drawing.shapes.map(element),
    '</svg>',
    '',
  ].join('\n');
}
