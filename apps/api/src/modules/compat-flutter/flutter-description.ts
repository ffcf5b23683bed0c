import type { OpenAPIObject } from '@nestjs/swagger';

type Schema = Record<string, unknown>;
type Properties = Record<string, unknown>;

/** A described schema with some of its properties in the shape of others. */
function variant(schemas: Record<string, unknown>, name: string, swap: Readonly<Record<string, string>>): Schema {
  const base = schemas[name] as Schema & { properties: Properties };
  const swapped = Object.fromEntries(Object.entries(swap).map(([key, from]) => [key, base.properties[from]]));
  return { ...base, properties: { ...base.properties, ...swapped } };
}

const ARRAYS = [
  {
    path: '/api/patients/{patientId}/conversations',
    schema: 'FlutterPatientConversation',
    base: 'ConversationResponse',
    swap: { doctorId: 'doctor', pharmacistId: 'pharmacist' },
  },
  {
    path: '/api/doctors/{doctorId}/conversations',
    schema: 'FlutterDoctorConversation',
    base: 'ConversationResponse',
    swap: { patientId: 'patient' },
  },
  {
    path: '/api/doctors/{doctorId}/patient-requests',
    schema: 'FlutterPatientRequest',
    base: 'DoctorRequestItem',
    swap: { patientId: 'patient' },
  },
] as const;

const BOOST_PATH = '/api/boost/pharmacy/{id}/active';

/** The API description of a server that runs with the profile; the committed one is that of the standard. */
export function describeFlutterProfile(description: OpenAPIObject): OpenAPIObject {
  const schemas: Record<string, unknown> = { ...description.components?.schemas };
  const paths: Record<string, unknown> = { ...description.paths };
  for (const { path, schema, base, swap } of ARRAYS) {
    schemas[schema] = variant(schemas, base, swap);
    paths[path] = withArray(paths[path] as PathItem, schema);
  }
  paths[BOOST_PATH] = withArray(paths[BOOST_PATH] as PathItem, 'BoostResponse');
  const item = schemas['MyPatientItem'] as Schema & { properties: Properties; required?: readonly string[] };
  schemas['MyPatientItem'] = {
    ...item,
    properties: {
      ...item.properties,
      riskScore: { type: 'string', description: 'Glycaemia risk index; absent without readings' },
    },
    required: item.required?.filter((name) => name !== 'riskScore') ?? [],
  };
  return { ...description, paths, components: { ...description.components, schemas } } as OpenAPIObject;
}

interface PathItem {
  readonly get: { readonly responses: Record<string, object> };
}

function withArray(path: PathItem, schema: string): object {
  const content = {
    'application/json': { schema: { type: 'array', items: { $ref: `#/components/schemas/${schema}` } } },
  };
  const responses = { ...path.get.responses, '200': { ...path.get.responses['200'], content } };
  return { ...path, get: { ...path.get, responses } };
}
