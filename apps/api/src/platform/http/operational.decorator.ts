import { SetMetadata } from '@nestjs/common';

/** Marks a route of operations.md section 3: no sign-in, no rate limit. */
export const Operational = (): MethodDecorator & ClassDecorator => SetMetadata('diabcare:operational', true);
