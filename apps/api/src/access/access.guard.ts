import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { AppError } from '../common/errors';
import { APP_CONFIG, type AppConfig } from '../config/app-config';
import { currentContext, type RequestContext } from '../platform/context/request-context';
import { type RateLimit, RateLimits } from '../platform/http';
import type { Actor } from './actor';
import { CareLinks } from './care-link.repository';
import { OPERATIONAL, ROUTE_ACCESS, type RouteAccess, type RouteLimit, type SpaceRule } from './route-access';
import { PatientScopeProof } from './scope';
import { SessionRegistry } from './session-registry';
import { Tokens } from './tokens';

/** The parts of the framework's request that the guard reads and writes. */
export interface GuardedRequest {
  readonly headers: { readonly authorization?: string };
  readonly params: Readonly<Record<string, string>>;
  actor?: Actor;
  patientScope?: PatientScopeProof;
}

const ID = /^[0-9a-f]{24}$/i;
const MINUTE = 60;
const HOUR = 3_600;

/**
 * The one guard of the server, in the contract's order: who is calling (401), within the limits (429), in a role that
 * may (403), with well-formed ids (400), in a space of theirs (403). A route that declares nothing is refused.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  private readonly routes = new Map<unknown, RouteAccess | 'operational' | null>();

  constructor(
    private readonly tokens: Tokens,
    private readonly sessions: SessionRegistry,
    private readonly links: CareLinks,
    private readonly limits: RateLimits,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  async canActivate(execution: ExecutionContext): Promise<boolean> {
    const route = this.routeOf(execution);
    if (route === 'operational') return true;
    const request = execution.switchToHttp().getRequest<GuardedRequest>();
    const context = currentContext();
    if (route === null || context === undefined) throw new AppError('FORBIDDEN_ROLE');
    context.status = route.status;
    if (route.roles === 'public') {
      await this.limitPublic(route, context);
      checkIds(request.params, route.textParams);
      return true;
    }
    const actor = await this.authenticate(request.headers.authorization);
    context.actorId = actor.id;
    request.actor = actor;
    this.limits.hitLocal({ name: 'user', max: this.config.rateLimits.userPerMinute, windowSeconds: MINUTE }, actor.id);
    if (route.roles !== 'any' && !route.roles.includes(actor.role)) throw new AppError('FORBIDDEN_ROLE');
    checkIds(request.params, route.textParams);
    for (const space of route.spaces) await this.enterSpace(space, actor, request);
    if (route.limit !== null) await this.limitRoute(route.limit, actor.id);
    return true;
  }

  /**
   * The actor of a bearer token whose session is alive.
   * @throws AppError UNAUTHENTICATED, TOKEN_INVALID, TOKEN_EXPIRED, SESSION_REVOKED
   */
  async authenticate(authorization: string | undefined): Promise<Actor> {
    const header = authorization?.trim() ?? '';
    // "Bearer" alone brings no token.
    if (header === '' || /^Bearer$/i.test(header)) throw new AppError('UNAUTHENTICATED');
    const token = /^Bearer +(\S+)$/i.exec(header)?.[1];
    if (token === undefined) throw new AppError('TOKEN_INVALID');
    const claims = this.tokens.verifyAccess(token);
    const session = await this.sessions.find(claims.sessionId);
    if (session === null || session.userId !== claims.id) throw new AppError('SESSION_REVOKED');
    return {
      id: claims.id,
      role: claims.role,
      email: claims.email,
      sessionId: claims.sessionId,
      authenticatedAt: session.authenticatedAt,
    };
  }

  /** Counts a message against the sender's limit, whichever way it comes. @throws AppError RATE_LIMITED */
  async limitMessages(actor: Actor): Promise<void> {
    await this.limitRoute('messages', actor.id);
  }

  private routeOf(execution: ExecutionContext): RouteAccess | 'operational' | null {
    const handler = execution.getHandler();
    let route = this.routes.get(handler);
    if (route === undefined) {
      const operational =
        Reflect.getMetadata(OPERATIONAL, handler) === true ||
        Reflect.getMetadata(OPERATIONAL, execution.getClass()) === true;
      route = operational
        ? 'operational'
        : ((Reflect.getMetadata(ROUTE_ACCESS, handler) as RouteAccess | undefined) ?? null);
      this.routes.set(handler, route);
    }
    return route;
  }

  private async enterSpace(rule: SpaceRule, actor: Actor, request: GuardedRequest): Promise<void> {
    const owner = request.params[rule.param]?.toLowerCase() ?? '';
    if (rule.open?.includes(actor.role) === true) return;
    if (rule.self === 'any' || rule.self?.includes(actor.role) === true) {
      if (owner !== actor.id) throw new AppError('FORBIDDEN_SPACE');
      if (actor.role === 'PATIENT') request.patientScope = new PatientScopeProof(actor, owner, 'self');
      return;
    }
    if (rule.linked === true && actor.role === 'MEDECIN') {
      const link = await this.links.find(owner, actor.id);
      if (link === null) throw new AppError('FORBIDDEN_SPACE');
      if (!link.accessEnabled) throw new AppError('ACCESS_DISABLED');
      request.patientScope = new PatientScopeProof(actor, owner, 'link');
    }
  }

  private async limitPublic(route: RouteAccess, context: RequestContext): Promise<void> {
    this.limits.hitLocal(
      { name: 'public', max: this.config.rateLimits.publicPerMinute, windowSeconds: MINUTE },
      context.ip,
    );
    if (route.limit !== null) await this.limitRoute(route.limit, context.ip);
  }

  private async limitRoute(limit: RouteLimit, subject: string): Promise<void> {
    const rates = this.config.rateLimits;
    const local: Partial<Record<RouteLimit, RateLimit>> = {
      messages: { name: 'messages', max: rates.messagesPerMinute, windowSeconds: MINUTE },
      bulk: { name: 'bulk', max: rates.bulkPerMinute, windowSeconds: MINUTE },
    };
    const shared: Partial<Record<RouteLimit, RateLimit>> = {
      registration: { name: 'registration', max: rates.registrationPerHour, windowSeconds: HOUR },
      forgotPassword: { name: 'forgot', max: rates.forgotPerHour, windowSeconds: HOUR },
      export: { name: 'export', max: rates.exportPerDay, windowSeconds: 24 * HOUR },
    };
    const localLimit = local[limit];
    if (localLimit !== undefined) this.limits.hitLocal(localLimit, subject);
    const sharedLimit = shared[limit];
    if (sharedLimit !== undefined) await this.limits.hitShared(sharedLimit, subject);
  }
}

function checkIds(params: Readonly<Record<string, string>>, textParams: readonly string[]): void {
  for (const [name, value] of Object.entries(params)) {
    if (!textParams.includes(name) && !ID.test(value)) throw new AppError('INVALID_ID');
  }
}
