import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Logger } from '../logging';
import { ChangeWatch } from './change-watch';

class Stream extends EventEmitter {
  close = vi.fn(() => Promise.resolve());
}

describe('a change watch', () => {
  let streams: Stream[];
  let told: string[];
  let watch: ChangeWatch;
  const latest = (): Stream | undefined => streams.at(-1);

  beforeEach(() => {
    vi.useFakeTimers();
    streams = [];
    told = [];
    const collection = {
      watch: () => {
        const stream = new Stream();
        streams.push(stream);
        return stream as never;
      },
    };
    const interest = {
      collection,
      pipeline: [],
      changed: (id: string) => told.push(id),
      missed: () => told.push('missed'),
    };
    watch = new ChangeWatch(interest, Logger.create({ level: 'silent', pretty: false }));
    watch.start();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('tells the ids that change, over one stream however often it is started', () => {
    watch.start();
    latest()?.emit('change', { documentKey: { _id: { toHexString: () => 'a1' } } });
    latest()?.emit('change', { operationType: 'invalidate' });
    expect(told).toEqual(['a1']);
    expect(streams).toHaveLength(1);
  });

  it('opens a broken stream again, and says at both ends that changes were missed', () => {
    latest()?.emit('error', new Error('gone'));
    expect(told).toEqual(['missed']);
    expect(streams[0]?.close).toHaveBeenCalled();
    vi.advanceTimersByTime(1_000);
    expect(told).toEqual(['missed', 'missed']);
    latest()?.emit('change', { documentKey: { _id: { toHexString: () => 'b2' } } });
    expect([streams.length, told.at(-1)]).toEqual([2, 'b2']);
  });

  it('stays closed once it is stopped', async () => {
    await watch.stop();
    latest()?.emit('error', new Error('closed by us'));
    watch.start();
    vi.advanceTimersByTime(5_000);
    expect([streams.length, told]).toEqual([1, []]);
  });
});
