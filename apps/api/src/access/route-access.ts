import type { Role } from '../common/enums';

/** Who may call a route, declared on it by `@Endpoint`. */
export interface RouteAccess {
  /** `public`: without a token. `any`: every signed-in role. */
  readonly roles: 'public' | 'any' | readonly Role[];
  /** Path parameters that are free text instead of ids. */
  readonly textParams: readonly string[];
  readonly spaces: readonly SpaceRule[];
  /** Status of a success, unless the handler names another. */
  readonly status: number;
  /** A further limit on top of the general ones. */
  readonly limit: RouteLimit | null;
}

/** Limits that single routes add. */
export type RouteLimit = 'registration' | 'forgotPassword' | 'messages' | 'bulk' | 'export';

/**
 * Who is entitled to the space that a path names (contract 00 section 5 rule 2). Roles of the route that stand in
 * neither list are not checked here: the service decides what they see.
 */
export interface SpaceRule {
  /** The path parameter that names the owner. */
  readonly param: string;
  /** Roles for whom the parameter must be their own id; `any`: all but those of `open`. */
  readonly self?: readonly Role[] | 'any';
  /** Roles that may name anybody (ADMIN). */
  readonly open?: readonly Role[];
  /** The parameter is a patient: doctors need an active link with access on. */
  readonly linked?: boolean;
}

/** Metadata key of {@link RouteAccess} on a handler. */
export const ROUTE_ACCESS = 'diabcare:access';
/** Metadata key set by `@Operational()` (platform/http): no sign-in, no limits. */
export const OPERATIONAL = 'diabcare:operational';
