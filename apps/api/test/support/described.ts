import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import type { TestResponse } from './test-response';

interface Description {
  readonly paths: Record<
    string,
    Record<string, { responses: Record<string, { content?: Record<string, { schema: object }> }> }>
  >;
  readonly components: object;
}

interface Described {
  readonly description: Description;
  readonly ajv: Ajv2020;
  readonly routes: readonly { readonly template: string; readonly pattern: RegExp; readonly literals: number }[];
}

const known = new Map<string, Promise<Described>>();

async function load(url: string): Promise<Described> {
  const description = (await (await fetch(`${url}/openapi.json`)).json()) as Description;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addSchema({ $id: 'http://api.test/description', components: description.components });
  const routes = Object.keys(description.paths)
    .map((template) => ({
      template,
      pattern: new RegExp(`^${template.replace(/\{[^}]+\}/g, '[^/]+').replace(/\./g, '\\.')}/?$`),
      literals: template.split('/').filter((part) => !part.startsWith('{')).length,
    }))
    .sort((a, b) => b.literals - a.literals);
  return { description, ajv, routes };
}

/** The description of a server that has stopped is of no use any more, and large. */
export function forgetDescription(url: string): void {
  known.delete(url);
}

/** Fails when an answer is not the one that the API description promises: status and body. */
export async function describedResponse(
  url: string,
  method: string,
  path: string,
  response: TestResponse,
): Promise<void> {
  let loading = known.get(url);
  if (loading === undefined) {
    loading = load(url);
    known.set(url, loading);
  }
  const { description, ajv, routes } = await loading;
  const pathname = `/api${path.split('?')[0] ?? ''}`;
  const template = routes.find(
    ({ pattern, template: name }) =>
      pattern.test(pathname) && description.paths[name]?.[method.toLowerCase()] !== undefined,
  )?.template;
  if (template === undefined || response.status === 304) return;
  const operation = description.paths[template]?.[method.toLowerCase()];
  const described = operation?.responses[String(response.status)];
  if (described === undefined)
    throw new Error(
      `${method} ${template} answered ${response.status} (${String(response.body?.code)}), which the API description does not know`,
    );
  const schema = described.content?.['application/json']?.schema;
  if (schema === undefined) return;
  const key = `${method} ${template} ${response.status}`;
  const validate =
    ajv.getSchema(keyUri(key)) ??
    ajv.compile({
      $id: keyUri(key),
      ...(JSON.parse(
        JSON.stringify(schema).replaceAll('"#/components', '"http://api.test/description#/components'),
      ) as object),
    });
  if (validate(response.body) !== true) {
    throw new Error(
      `${key}: the answer differs from its description: ${ajv.errorsText(validate.errors)}\n${response.text.slice(0, 500)}`,
    );
  }
}

function keyUri(key: string): string {
  return `http://api.test/${encodeURIComponent(key)}`;
}
