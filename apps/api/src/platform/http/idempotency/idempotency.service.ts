import { createHash, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppError, invalidField } from '../../../common/errors';
import { Clock } from '../../../common/time';
import type { IdempotencyRunner, RequestContext } from '../../context/request-context';
import { IdempotencyRepository, type KeyScope } from './idempotency.repository';

const LOCK_MS = 10_000;
const RENEW_MS = 4_000;
const KEEP_MS = 24 * 3_600_000;
const MAX_KEY_LENGTH = 255;

/** Runs creating calls once per Idempotency-Key (contract 00 section 7). */
@Injectable()
export class IdempotencyService implements IdempotencyRunner {
  constructor(
    private readonly keys: IdempotencyRepository,
    private readonly clock: Clock,
  ) {}

  /** Removes what is stored of an erased account's calls, and answers to others that speak of it. */
  async deleteAbout(userId: string): Promise<void> {
    await this.keys.deleteAbout(userId);
  }

  /**
   * Runs the handler under the request's key, or answers the stored outcome.
   * @throws AppError IDEMPOTENCY_KEY_REUSED, IDEMPOTENCY_IN_PROGRESS, VALIDATION_FAILED
   */
  async run<T>(context: RequestContext, handler: () => Promise<T>): Promise<T> {
    const { idempotencyKey: key, actorId } = context;
    if (key === null || actorId === null) return handler();
    if (key.length < 1 || key.length > MAX_KEY_LENGTH)
      throw invalidField(
        'Idempotency-Key',
        'length',
        'must have 1 to 255 characters',
        'doit compter de 1 à 255 caractères',
      );
    const path = (context.source.url.split('?')[0] ?? '').replace(/\/+$/, '');
    const scope: KeyScope = { userId: actorId, method: context.source.method, path, key };
    const claim = randomUUID();
    const replay = await this.claim(scope, hashOf(context.source.body), claim);
    if (replay !== null) {
      context.replayed = true;
      context.status = replay.status;
      return replay.body as T;
    }
    return this.runClaimed(context, scope, claim, handler);
  }

  private async runClaimed<T>(
    context: RequestContext,
    scope: KeyScope,
    claim: string,
    handler: () => Promise<T>,
  ): Promise<T> {
    const renewal = setInterval(() => {
      this.keys.renew(scope, claim, this.lockEnd()).catch(() => undefined);
    }, RENEW_MS);
    context.idempotency = {
      completed: false,
      complete: async (session, status, body) => {
        if (!(await this.keys.complete(scope, claim, status, body, session)))
          throw new AppError('IDEMPOTENCY_IN_PROGRESS', { retryAfterSeconds: 1 });
        if (context.idempotency !== null) context.idempotency.completed = true;
      },
    };
    try {
      const body = await handler();
      // Nothing was changed in a transaction of its own (an existing resource was answered): remember the answer now.
      if (!context.idempotency.completed) await this.keys.complete(scope, claim, context.status ?? 201, body, null);
      return body;
    } catch (error) {
      await this.keys.free(scope, claim).catch(() => undefined);
      throw error;
    } finally {
      clearInterval(renewal);
      context.idempotency = null;
    }
  }

  /** Null when the call now holds the key; else the stored outcome. */
  private async claim(
    scope: KeyScope,
    bodyHash: string,
    claim: string,
  ): Promise<{ status: number; body: unknown } | null> {
    const now = this.clock.now();
    const expiresAt = new Date(now.getTime() + KEEP_MS);
    // Twice: the key may be freed between the refused insert and the read.
    for (let attempt = 0; attempt < 2; attempt += 1) {
      if (await this.keys.insert(scope, bodyHash, claim, this.lockEnd(), expiresAt)) return null;
      const stored = await this.keys.find(scope);
      if (stored === null) continue;
      if (stored.bodyHash !== bodyHash) throw new AppError('IDEMPOTENCY_KEY_REUSED');
      if (stored.state === 'done') return { status: stored.status ?? 201, body: stored.body };
      if (stored.lockedUntil <= now && (await this.keys.takeOver(scope, stored.claim, claim, now, this.lockEnd())))
        return null;
      break;
    }
    throw new AppError('IDEMPOTENCY_IN_PROGRESS', { retryAfterSeconds: 1 });
  }

  private lockEnd(): Date {
    return new Date(this.clock.now().getTime() + LOCK_MS);
  }
}

// Key order is not meaning: two encoders may write one body differently.
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, canonical(item)]),
  );
}

function hashOf(body: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(canonical(body ?? {})))
    .digest('hex');
}
