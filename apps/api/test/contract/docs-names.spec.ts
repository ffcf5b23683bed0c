import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SETTINGS } from '../../src/config/env.dto';
import { Metrics } from '../../src/platform/metrics';
import { allPages, type Page, parsePage, readPage, ROOT } from '../support/pages';

const PAGES = allPages();
const page = (text: string): Page[] => [parsePage('docs/made-up.md', text)];
const settings = new Set(Object.values(SETTINGS).map(({ name }) => name));

/** All sources that people write, as one text. */
const SOURCES = ['apps/api/src', 'packages/client/src', 'packages/embedded-mongo/src', 'packages/glycemia/src']
  .flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  )
  .filter((file) => file.endsWith('.ts') && !/\.(?:spec|generated)\.ts$/.test(file))
  .map((file) => readFileSync(join(ROOT, file), 'utf8'))
  .join('\n');

/** Names in capitals with underscores: settings, and codes of errors and refusals. */
function capitals({ inline, path }: Page): string[] {
  const named = inline.flatMap((text) => /^([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?:=.*)?$/.exec(text)?.[1] ?? []);
  return [...new Set(named)]
    .filter((name) => !settings.has(name) && !new RegExp(`['"\\s]${name}['":]`).test(SOURCES))
    .map((name) => `${path}: ${name}`);
}

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}
const { paths } = JSON.parse(readFileSync(join(ROOT, 'openapi.json'), 'utf8')) as Description;
/** Answered, and not part of the description: the description itself. */
const UNDESCRIBED = new Set(['/api/openapi.json', '/api/docs']);

function isRoute(method: string | null, path: string): boolean {
  if (UNDESCRIBED.has(path)) return true;
  const wanted = path.split('/');
  return Object.entries(paths).some(([template, operations]) => {
    const parts = template.split('/');
    const fits = parts.every((part, at) => part === wanted[at] || (part.startsWith('{') && wanted[at] !== undefined));
    return parts.length === wanted.length && fits && (method === null || method.toLowerCase() in operations);
  });
}

/** Routes that a page names, `METHOD /path` or `/api/path`, in text and in examples, and that the server does not have. */
function routes({ text, path, inline }: Page): string[] {
  const calls = [...text.matchAll(/\b(GET|POST|PUT|PATCH|DELETE) (\/[\w/:.-]*\w)/g)].map(
    ([, method = '', route = '']) => [method, route.startsWith('/api/') ? route : `/api${route}`] as const,
  );
  const urls = [...text.matchAll(/https?:\/\/(?:127\.0\.0\.1:3000|localhost)(\/api\/[\w/.-]*\w)/g)].map(
    (match) => match[1] ?? '',
  );
  const bare = [...urls, ...inline.filter((name) => /^\/api\/[\w/:.-]*\w$/.test(name))];
  return [...calls, ...bare.map((route) => [null, route] as const)]
    .filter(([method, route]) => !isRoute(method, route))
    .map(([method, route]) => `${path}: ${method ?? ''} ${route}`);
}

describe('the pages', () => {
  it('name settings and codes that exist', () => {
    expect(PAGES.flatMap(capitals)).toEqual([]);
    expect(page('`GONE_SETTING` `GONE_CODE=1` `JWT_SECRET` `SLOT_TAKEN`').flatMap(capitals)).toHaveLength(2);
  });

  it('name routes that exist', () => {
    expect(PAGES.flatMap(routes)).toEqual([]);
    const wrong = 'POST /api/version, `GET /users/:id`, DELETE /nothing, http://127.0.0.1:3000/api/gone, `/api/gone`';
    expect(page(wrong).flatMap(routes)).toHaveLength(4);
  });

  it('name metrics that exist', async () => {
    const { body } = await new Metrics().render();
    const exposed = new Set([...body.matchAll(/^# TYPE (\S+)/gm)].map((match) => match[1] ?? ''));
    const named = PAGES.flatMap(({ inline }) => inline).filter((text) =>
      /^(?:http|db|outbox|jobs|sockets|sessions?|readings|alerts|event_loop)_[a-z_]+/.test(text),
    );
    expect(named.length).toBeGreaterThan(2);
    expect(named.map((text) => text.split(/[ {]/)[0] ?? '').filter((name) => !exposed.has(name))).toEqual([]);
  });

  it('list the events that a client hears and sends, in the tables of realtime.md', () => {
    const events = readFileSync(join(ROOT, 'packages/client/src/realtime/events.ts'), 'utf8');
    const namesOf = (...interfaces: string[]): string[] =>
      interfaces.flatMap((name) => {
        const body = new RegExp(`interface ${name} \\{\\n(.*?)^\\}`, 'ms').exec(events)?.[1] ?? '';
        return [...body.matchAll(/^ {2}'?([\w:]+)'?: \{?/gm)].map((match) => match[1] ?? '');
      });
    const [heard = '', sent = ''] = readPage('docs/realtime.md').text.split('## Events of the client');
    const listed = (text: string): string[] =>
      [...text.matchAll(/^\| (`.*?) +\|/gm)].flatMap(([, cell = '']) =>
        [...cell.matchAll(/`([\w:]+)`/g)].map((match) => match[1] ?? ''),
      );
    expect(listed(heard).sort()).toEqual(namesOf('DurableEvents', 'PassingEvents').sort());
    expect(listed(sent).sort()).toEqual([...namesOf('ClientEvents'), 'sync'].sort());
  });

  it('list the recurring jobs, in operations.md', () => {
    const paragraph = /\*\*Jobs\*\*:(.*?)(?:\n- |\n\n|$)/s.exec(readPage('docs/operations.md').text)?.[1] ?? '';
    const listed = [...paragraph.matchAll(/`([a-z-]+)`/g)].map((match) => match[1] ?? '');
    const registered = [...SOURCES.matchAll(/\.register\(\{\s+name: (?:'([a-z-]+)'|(\w+)),\s+everySeconds/g)].map(
      ([, name, constant]) => name ?? new RegExp(`const ${constant ?? ''} = '([a-z-]+)'`).exec(SOURCES)?.[1] ?? '',
    );
    expect(registered.length).toBeGreaterThan(6);
    expect(listed.sort()).toEqual(registered.sort());
  });
});
