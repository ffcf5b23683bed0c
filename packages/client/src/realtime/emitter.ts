import type { EventMeta, Handler, RealtimeEvents } from './events.js';

type AnyHandler = (payload: unknown, meta: EventMeta | undefined) => unknown;

/** Handlers by event name. */
export class Emitter {
  private readonly handlers = new Map<string, Set<AnyHandler>>();

  on<Name extends keyof RealtimeEvents>(name: Name, handler: Handler<Name>): () => void {
    const entry: AnyHandler = (payload, meta) =>
      // The name decides the payload; what arrives under it is the server's promise.
      handler(payload as RealtimeEvents[Name], meta as Parameters<Handler<Name>>[1]);
    const known = this.handlers.get(name) ?? new Set();
    this.handlers.set(name, known.add(entry));
    return () => known.delete(entry);
  }

  /** Resolves when all handlers are done; a failing one is told as `error` and keeps nobody else from hearing. */
  async tell(name: string, payload: unknown, meta?: EventMeta): Promise<void> {
    for (const handler of [...(this.handlers.get(name) ?? [])]) {
      try {
        await handler(payload, meta);
      } catch (cause) {
        if (name !== 'error') await this.tell('error', { cause });
      }
    }
  }
}
