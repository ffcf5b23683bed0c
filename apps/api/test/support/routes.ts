import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants';
import { RequestMethod } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { OPERATIONAL, ROUTE_ACCESS, type RouteAccess } from '../../src/access';

/** A route of the running application. */
export interface RunningRoute {
  readonly method: string;
  /** Relative to `/api`, parameters as `:name`. */
  readonly path: string;
  readonly access: RouteAccess | null;
  readonly operational: boolean;
}

/** Every route that a controller of the application serves. */
export function runningRoutes(app: NestFastifyApplication): RunningRoute[] {
  const reflector = app.get(Reflector);
  const scanner = new MetadataScanner();
  const controllers = app.get(DiscoveryService).getControllers();
  return controllers.flatMap(({ metatype, instance }) => {
    if (typeof metatype !== 'function' || instance === undefined) return [];
    const prefix = String(Reflect.getMetadata(PATH_METADATA, metatype) ?? '');
    const prototype = Object.getPrototypeOf(instance) as Record<string, unknown>;
    return scanner.getAllMethodNames(prototype).flatMap((name): RunningRoute[] => {
      const handler = prototype[name] as () => unknown;
      const own = reflector.get<string | undefined>(PATH_METADATA, handler);
      if (own === undefined) return [];
      const path = `/${[prefix, own]
        .map((part) => part.replace(/^\/|\/$/g, ''))
        .filter((part) => part !== '')
        .join('/')}`;
      return [
        {
          method: RequestMethod[reflector.get<RequestMethod>(METHOD_METADATA, handler)],
          path,
          access: reflector.get<RouteAccess | undefined>(ROUTE_ACCESS, handler) ?? null,
          operational:
            reflector.getAllAndOverride<boolean | undefined>(OPERATIONAL, [handler, metatype as () => unknown]) ===
            true,
        },
      ];
    });
  });
}
