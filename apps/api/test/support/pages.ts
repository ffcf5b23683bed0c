import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of the repository. */
export const ROOT = join(__dirname, '../../../..');

/** A fenced block of a page. */
export interface CodeBlock {
  /** What stands behind the fence; empty for a terminal. */
  readonly language: string;
  readonly text: string;
}

/** A page of the documentation, taken apart. */
export interface Page {
  /** Path from the repository's folder. */
  readonly path: string;
  readonly folder: string;
  readonly text: string;
  readonly blocks: readonly CodeBlock[];
  /** What stands between backticks outside of blocks. */
  readonly inline: readonly string[];
}

const FENCED = /^ *```(\w*)\n(.*?)^ *```$/gms;

/** Takes a page apart. */
export function parsePage(path: string, text: string): Page {
  const blocks = [...text.matchAll(FENCED)].map(([, language = '', code = '']) => ({ language, text: code }));
  const inline = [...text.replaceAll(FENCED, '').matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
  return { path, folder: dirname(path), text, blocks, inline };
}

/** Reads one page. @param path from the repository's folder */
export function readPage(path: string): Page {
  return parsePage(path, readFileSync(join(ROOT, path), 'utf8'));
}

/** Every page that is kept, but lists of past changes: these speak of what was. */
export function allPages(): Page[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return listed
    .split('\n')
    .filter((path) => path !== '' && !path.endsWith('CHANGELOG.md'))
    .map(readPage);
}

/** Lines of a terminal, joined where a backslash continues them, without comments. */
export function commandsOf(page: Page): string[] {
  const terminal = page.blocks.filter(({ language }) => language === '' || language === 'bash');
  const lines = terminal.flatMap(({ text }) => text.replaceAll(/\\\n\s*/g, ' ').split('\n'));
  const written = page.inline.filter((text) => /^(?:npm|npx|node|docker) /.test(text));
  return [...lines, ...written].map((line) => line.replace(/(?:^|\s+)# .*$/, '').trim()).filter((line) => line !== '');
}

/** The anchors of a page's headings, as GitHub and others make them. */
export function anchorsOf(page: Page): Set<string> {
  const headings = [...page.text.replaceAll(FENCED, '').matchAll(/^#+ (.+)$/gm)].map((match) => match[1] ?? '');
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}
