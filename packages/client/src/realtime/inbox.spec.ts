import { describe, expect, it } from 'vitest';
import { memoryCursorStore } from './cursors.js';
import { Emitter } from './emitter.js';
import type { StoredEvent, SyncPage } from './events.js';
import { Inbox } from './inbox.js';

const id = (n: number): string => String(n).padStart(12, '0');
const event = (n: number): StoredEvent => ({
  name: 'notification:new',
  payload: { n },
  eventId: id(n),
  at: '2026-03-02T09:00:00.000Z',
});
const page = (numbers: number[], more: Partial<SyncPage> = {}): SyncPage => ({
  events: numbers.map(event),
  next: id(numbers.at(-1) ?? 0),
  hasMore: false,
  resync: false,
  ...more,
});

function inboxAt(cursor: number | null) {
  const cursors = memoryCursorStore();
  if (cursor !== null) void cursors.write('u', id(cursor));
  const emitter = new Emitter();
  const handled: number[] = [];
  const signals: unknown[] = [];
  emitter.on('notification:new', (payload) => handled.push((payload as unknown as { n: number }).n));
  emitter.on('resync', (payload) => signals.push(payload));
  emitter.on('error', ({ cause }) => signals.push(cause));
  const inbox = new Inbox('u', cursors, emitter);
  inbox.hold();
  return { inbox, emitter, cursors, handled, signals };
}

describe('the inbox', () => {
  it('puts live events behind what was missed, each once', async () => {
    const { inbox, handled, cursors } = inboxAt(1);
    const asked: (string | null)[] = [];
    await inbox.catchUp(async (since) => {
      asked.push(since);
      if (asked.length === 1) {
        inbox.take(event(3), undefined);
        inbox.take(event(4), undefined);
        return page([2], { hasMore: true });
      }
      return page([3]);
    });
    inbox.take(event(4), undefined);
    inbox.take(event(5), undefined);
    await inbox.catchUp(async () => page([]));
    expect(asked).toEqual([id(1), id(2)]);
    expect(handled).toEqual([2, 3, 4, 5]);
    expect(cursors.read('u')).toBe(id(5));
  });

  it('asks for a new reading at the first start and after too long an absence, and goes on from there', async () => {
    const first = inboxAt(null);
    first.inbox.take(event(7), undefined);
    first.inbox.take(event(8), undefined);
    await first.inbox.catchUp(async () => page([], { next: id(7), resync: true }));
    expect([first.signals, first.handled]).toEqual([[{ first: true }], [8]]);
    const late = inboxAt(9);
    await late.inbox.catchUp(async () => page([], { next: id(4), resync: true }));
    expect([late.signals, late.cursors.read('u')]).toEqual([[{ first: false }], id(4)]);
  });

  it('moves its place after the handler is done, and acknowledges then', async () => {
    const { inbox, emitter, cursors } = inboxAt(1);
    await inbox.catchUp(async () => page([]));
    const order: unknown[] = [];
    emitter.on('notification:new', async () => {
      await Promise.resolve();
      order.push(cursors.read('u'));
    });
    inbox.take(event(2), () => order.push('acknowledged'));
    inbox.take(event(2), () => order.push('acknowledged again'));
    await inbox.catchUp(async () => page([]));
    expect(order).toEqual([id(1), 'acknowledged', 'acknowledged again']);
  });

  it('goes on after a handler or a store that fails, and says so', async () => {
    const { inbox, emitter, cursors, handled, signals } = inboxAt(1);
    const [bad, full] = [new Error('bad handler'), new Error('full')];
    emitter.on('notification:new', () => {
      throw bad;
    });
    cursors.write = () => {
      throw full;
    };
    await inbox.catchUp(async () => page([2, 3]));
    expect([handled, signals]).toEqual([
      [2, 3],
      [bad, full, bad, full],
    ]);
  });

  it('drops what a lost connection still brings: the next one asks for it', async () => {
    const { inbox, handled } = inboxAt(1);
    const done = await inbox.catchUp(async () => {
      inbox.take(event(3), undefined);
      inbox.hold();
      return page([2]);
    });
    expect([done, handled]).toEqual([false, []]);
    await inbox.catchUp(async () => page([2, 3]));
    expect(handled).toEqual([2, 3]);
  });

  it('asks again instead of keeping more than it should', async () => {
    const { inbox, handled } = inboxAt(0);
    let asked = 0;
    await inbox.catchUp(async () => {
      asked += 1;
      const numbers = Array.from({ length: 1_001 }, (_, index) => index + 1);
      if (asked > 1) return page(numbers);
      for (const n of numbers) inbox.take(event(n), undefined);
      return page([]);
    });
    expect([asked, handled.length, handled.at(-1)]).toEqual([2, 1_001, 1_001]);
  });
});
