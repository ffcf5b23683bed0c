import { readFileSync } from 'node:fs';

/**
 * The page's typeface (IBM Plex Sans, SIL Open Font Licence), in the parts in which it is published. A text is written
 * with the first part that has its letters.
 */
export type FontSubset = 'latin' | 'latin-ext' | 'greek' | 'cyrillic';

/** Parts that every drawing carries: names in Latin script, with all accents. */
export const EMBEDDED: readonly FontSubset[] = ['latin', 'latin-ext'];

const files = new Map<string, Buffer>();

/** A font file; read once. */
export function fontFile(subset: FontSubset, bold: boolean): Buffer {
  const name = `@fontsource/ibm-plex-sans/files/ibm-plex-sans-${subset}-${bold ? 600 : 400}-normal.woff`;
  const known = files.get(name);
  if (known !== undefined) return known;
  const file = readFileSync(require.resolve(name));
  files.set(name, file);
  return file;
}

/** Which part has a letter, by the ranges in which the typeface is divided. */
function subsetOf(codePoint: number): FontSubset {
  if (codePoint >= 0x370 && codePoint <= 0x3ff) return 'greek';
  if (codePoint >= 0x400 && codePoint <= 0x52f) return 'cyrillic';
  const extended =
    (codePoint >= 0x100 && codePoint <= 0x2af && ![0x131, 0x152, 0x153].includes(codePoint)) ||
    (codePoint >= 0x1e00 && codePoint <= 0x1eff);
  return extended ? 'latin-ext' : 'latin';
}

/** A text cut where the part of the typeface changes. */
export function fontRuns(text: string): { readonly subset: FontSubset; readonly text: string }[] {
  const runs: { subset: FontSubset; text: string }[] = [];
  for (const letter of text) {
    const subset = subsetOf(letter.codePointAt(0) ?? 0);
    const run = runs.at(-1);
    // A space has the same shape everywhere: it does not break a run.
    if (run !== undefined && (run.subset === subset || letter === ' ')) run.text += letter;
    else runs.push({ subset, text: letter });
  }
  return runs;
}
