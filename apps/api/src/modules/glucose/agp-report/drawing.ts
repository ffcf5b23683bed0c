/** A point on the page, in points (1/72 inch) from the upper left corner. */
export type Point = readonly [x: number, y: number];

/** Text on one line; `x` is its start, middle or end and `y` its baseline. */
export interface TextShape {
  readonly kind: 'text';
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly bold: boolean;
  readonly anchor: 'start' | 'middle' | 'end';
  readonly color: string;
  readonly text: string;
}

/** A filled or outlined polygon, or an open line. */
export interface PathShape {
  readonly kind: 'path';
  readonly points: readonly Point[];
  readonly closed: boolean;
  readonly fill: string | null;
  readonly stroke: string | null;
  readonly width: number;
  readonly dash: number | null;
}

/** A small disc. */
export interface DotShape {
  readonly kind: 'dot';
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly color: string;
}

/** Everything that is drawn, in order. One list serves every output format. */
export type Shape = TextShape | PathShape | DotShape;

/** A drawn page. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  /** For readers who cannot see it. */
  readonly title: string;
  readonly description: string;
  readonly language: 'en' | 'fr';
  readonly shapes: readonly Shape[];
}

/** A4, upright. */
export const PAGE = { width: 595.28, height: 841.89, margin: 36 } as const;

/** Colours of the page; bands are told apart by place and label as well. */
export const INK = {
  text: '#1f2933',
  muted: '#5f6c7b',
  rule: '#c8d0d8',
  faint: '#e4e9ee',
  median: '#1b4f8a',
  inner: '#7fb2e5',
  outer: '#cfe3f7',
  target: '#e3f4e6',
  goal: '#2c8a43',
  veryHigh: '#e8850c',
  high: '#f7c948',
  inTarget: '#4ba35c',
  low: '#d64545',
  veryLow: '#8a1c1c',
} as const;

/** Collects shapes. */
export class Canvas {
  readonly shapes: Shape[] = [];

  text(
    x: number,
    y: number,
    text: string,
    style: { size?: number; bold?: boolean; anchor?: TextShape['anchor']; color?: string } = {},
  ): void {
    const { size = 8, bold = false, anchor = 'start', color = INK.text } = style;
    this.shapes.push({ kind: 'text', x, y, size, bold, anchor, color, text });
  }

  line(from: Point, to: Point, style: { color?: string; width?: number; dash?: number } = {}): void {
    this.polyline([from, to], style);
  }

  polyline(points: readonly Point[], style: { color?: string; width?: number; dash?: number } = {}): void {
    const { color = INK.rule, width = 0.5, dash = null } = style;
    this.shapes.push({ kind: 'path', points, closed: false, fill: null, stroke: color, width, dash });
  }

  polygon(points: readonly Point[], fill: string): void {
    this.shapes.push({ kind: 'path', points, closed: true, fill, stroke: null, width: 0, dash: null });
  }

  box(x: number, y: number, width: number, height: number, style: { fill?: string; stroke?: string } = {}): void {
    const points: Point[] = [
      [x, y],
      [x + width, y],
      [x + width, y + height],
      [x, y + height],
    ];
    const { fill = null, stroke = null } = style;
    this.shapes.push({ kind: 'path', points, closed: true, fill, stroke, width: 0.5, dash: null });
  }

  dot(x: number, y: number, radius: number, color: string): void {
    this.shapes.push({ kind: 'dot', x, y, radius, color });
  }
}
