import { mongo } from 'mongoose';

const ATTEMPT_MS = 2_000;
const PAUSE_MS = 500;

/**
 * Resolves when the server behind the URI answers.
 * @throws the last driver error after `boundMs`
 */
export async function waitForDatabase(uri: string, boundMs: number, onWaiting: () => void): Promise<void> {
  const until = Date.now() + boundMs;
  let told = false;
  for (;;) {
    const client = new mongo.MongoClient(uri, { serverSelectionTimeoutMS: ATTEMPT_MS });
    try {
      await client.db('admin').command({ ping: 1 });
      return;
    } catch (error) {
      if (Date.now() >= until) throw error;
      if (!told) onWaiting();
      told = true;
    } finally {
      await client.close().catch(() => undefined);
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
