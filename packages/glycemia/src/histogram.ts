/** Joins unit and quanta into one integer key. */
const UNIT_FACTOR = 2 ** 24;

/** Unit, quanta, readings, minutes. */
export type MutableCell = [number, number, number, number];

/** A histogram being filled. */
export class Histogram {
  private readonly cells = new Map<number, MutableCell>();

  /** Adds readings and minutes to the cell of a unit and quanta. */
  add(u: number, q: number, n: number, w: number): void {
    const key = u * UNIT_FACTOR + q;
    const cell = this.cells.get(key);
    if (cell === undefined) this.cells.set(key, [u, q, n, w]);
    else {
      cell[2] += n;
      cell[3] += w;
    }
  }

  /** The cells ascending by unit, then by quanta. */
  sorted(): MutableCell[] {
    return [...this.cells.values()].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  }
}

/** Histograms by some key, each made when first asked for. */
export class Histograms<K> {
  private readonly byKey = new Map<K, Histogram>();

  /** The histogram of a key. */
  of(key: K): Histogram {
    const known = this.byKey.get(key);
    if (known !== undefined) return known;
    const made = new Histogram();
    this.byKey.set(key, made);
    return made;
  }

  /** Keys and cells, ascending by key. */
  sorted(): [K, MutableCell[]][] {
    return [...this.byKey].sort((a, b) => (a[0] < b[0] ? -1 : 1)).map(([key, histogram]) => [key, histogram.sorted()]);
  }
}

/** Order of code units; the same on every machine. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
