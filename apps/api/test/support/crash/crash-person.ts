import { randomUUID } from 'node:crypto';
import { Http } from '../http';
import type { TestResponse } from '../test-response';
import type { Acknowledged } from './acknowledged';
import type { Chance } from './random';

const PATIENCE_MS = 120_000;
const RETRY_MS = 60;
const ANSWER_MS = 20_000;

/** How somebody reaches the server, which may have another address after a crash. */
export interface Reach {
  readonly url: string;
}

/** Somebody who calls until there is an answer, as a good client does: again, with the same key. */
export class CrashPerson {
  constructor(
    private readonly reach: Reach,
    readonly acknowledged: Acknowledged,
    readonly chance: Chance,
    readonly kind: 'patient' | 'medecin' | 'pharmacien',
    readonly id: string,
    readonly email: string,
    public password: string,
    public token: string,
  ) {}

  /** Calls cut off and made again: each may have been done by the attempt that nobody answered. */
  repeated = 0;

  /** A POST that creates: the key makes its repetition harmless. */
  create(path: string, body: object): Promise<TestResponse> {
    return this.call('POST', path, body, { 'idempotency-key': randomUUID() });
  }

  /**
   * Calls until the server answers for good: connection errors, 503 and calls of the same key that still run are
   * tried again. @throws Error when nothing answers within two minutes
   */
  async call(method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<TestResponse> {
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      const response = await this.attempt(method, path, body, headers);
      if (response !== null) {
        if (response.status >= 500) this.acknowledged.faults.push(`${method} ${path}: ${response.text}`);
        return response;
      }
      if (Date.now() > until) throw new Error(`${method} ${path} had no answer for two minutes`);
      this.repeated += 1;
      await new Promise((wait) => setTimeout(wait, RETRY_MS));
    }
  }

  /** Null where trying again is what a client should do. */
  private async attempt(
    method: string,
    path: string,
    body: object | undefined,
    headers: Record<string, string>,
  ): Promise<TestResponse | null> {
    const calling = new Http(this.reach.url).call(method, path, body, {
      token: this.token,
      headers,
      undescribed: true,
    });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<null>((resolve) => {
      timer = setTimeout(resolve, ANSWER_MS, null);
    });
    const response = await Promise.race([calling.catch(() => null), late]);
    clearTimeout(timer);
    const code = (response?.body as { code?: string } | undefined)?.code;
    return response === null || response.status === 503 || code === 'IDEMPOTENCY_IN_PROGRESS' ? null : response;
  }
}
