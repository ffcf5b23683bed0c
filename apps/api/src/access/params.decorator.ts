import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Actor } from './actor';
import type { GuardedRequest } from './access.guard';
import type { PatientScope } from './scope';

/** The signed-in caller; the first parameter of every handler that is not public. */
export const CurrentActor = createParamDecorator((_data: unknown, execution: ExecutionContext): Actor => {
  const { actor } = execution.switchToHttp().getRequest<GuardedRequest>();
  if (actor === undefined) throw new Error('The route is public: it has no actor');
  return actor;
});

/** The patient's space that the guard has opened, for routes whose space is a patient's. */
export const CurrentPatient = createParamDecorator((_data: unknown, execution: ExecutionContext): PatientScope => {
  const { patientScope } = execution.switchToHttp().getRequest<GuardedRequest>();
  if (patientScope === undefined) throw new Error('The route opens no patient space');
  return patientScope;
});

const IdFromPath = createParamDecorator((name: string, execution: ExecutionContext): string => {
  return execution.switchToHttp().getRequest<GuardedRequest>().params[name]?.toLowerCase() ?? '';
});

/** An id of the path, in lower case; its syntax was checked by the guard. */
export function IdParam(name: string): ParameterDecorator {
  return IdFromPath(name);
}
