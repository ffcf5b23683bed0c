import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

const VERSION = '0.1.0';

/** The description of every route, from the decorators of the running application. */
export function describeApi(app: NestFastifyApplication): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setTitle('DiabCare API')
    .setDescription(
      'Open backend for diabetes care: patients, doctors and pharmacists on one record. Errors share one envelope; clients branch on `code`.',
    )
    .setVersion(VERSION)
    .setOpenAPIVersion('3.1.0')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/', 'This server')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' });
  const description = SwaggerModule.createDocument(app, builder.build(), {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
  });
  return withClosedBodies(withPathParameters(withNullTypes(description) as OpenAPIObject));
}

/** Says "a described object, or null" as JSON Schema does: the generator writes a type that its own reference contradicts. */
function withNullTypes(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withNullTypes);
  if (typeof node !== 'object' || node === null) return node;
  const mapped = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, withNullTypes(value)]));
  const { nullable, type, allOf, ...described } = mapped;
  const orNull = nullable === true || (Array.isArray(type) && type.includes('null'));
  if (!orNull) return mapped;
  const values: unknown = described['enum'];
  const others =
    Array.isArray(values) && !values.includes(null)
      ? { ...described, enum: [...(values as unknown[]), null] }
      : described;
  if (Array.isArray(allOf)) return { ...others, anyOf: [...(allOf as unknown[]), { type: 'null' }] };
  return { ...others, type: Array.isArray(type) ? type : [type, 'null'] };
}

interface DescribedOperation {
  parameters?: { name: string; in: string; required: boolean; schema: object }[];
  requestBody?: object;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** A handler need not read every parameter of its path (the guard does); the description names them all. */
function withPathParameters(description: OpenAPIObject): OpenAPIObject {
  for (const [path, item] of Object.entries(description.paths)) {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
    for (const method of METHODS) {
      const operation = item[method] as DescribedOperation | undefined;
      if (operation === undefined) continue;
      const known = operation.parameters ?? [];
      const missing = names.filter(
        (name) => !known.some((parameter) => parameter.in === 'path' && parameter.name === name),
      );
      operation.parameters = [
        ...missing.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
        ...known,
      ].map((parameter) => (isId(parameter) ? { ...parameter, schema: ID } : parameter));
    }
  }
  return description;
}

const ID = { type: 'string', pattern: '^[0-9a-fA-F]{24}$' } as const;

function isId({ name, in: place }: { name: string; in: string }): boolean {
  return place === 'path' && /^(?:id|\w+Id)$/.test(name);
}

/** An unknown key in a body is refused: the schemas of bodies, and those that they name, say so. */
function withClosedBodies(description: OpenAPIObject): OpenAPIObject {
  const schemas: Record<string, object> = description.components?.schemas ?? {};
  const seen = new Set<string>();
  const close = (node: object): void => {
    for (const [, name = ''] of JSON.stringify(node).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      const schema = schemas[name];
      if (schema === undefined || seen.has(name)) continue;
      seen.add(name);
      if ('properties' in schema && !('additionalProperties' in schema))
        Object.assign(schema, { additionalProperties: false });
      close(schema);
    }
  };
  for (const item of Object.values(description.paths))
    for (const method of METHODS) close((item[method] as DescribedOperation | undefined)?.requestBody ?? {});
  return description;
}

/** Serves the description and Swagger UI from local files. @param adjust what the running profile answers differently */
export async function installApiDescription(
  app: NestFastifyApplication,
  adjust: (description: OpenAPIObject) => OpenAPIObject,
): Promise<void> {
  SwaggerModule.setup('api/docs', app, () => adjust(describeApi(app)), {
    jsonDocumentUrl: 'api/openapi.json',
    raw: ['json'],
  });
  await Promise.resolve();
}
