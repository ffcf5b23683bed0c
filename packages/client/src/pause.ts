/** Resolves after so many milliseconds; at once when the signal is aborted. */
export type Pause = (ms: number, signal?: AbortSignal) => Promise<void>;

/** The pause of the machine's clock. */
export const pause: Pause = (ms, signal) =>
  new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve();
      return;
    }
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done);
  });
