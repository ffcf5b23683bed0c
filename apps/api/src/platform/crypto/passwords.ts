import { Injectable } from '@nestjs/common';
import { Algorithm, hash, verify } from '@node-rs/argon2';
import { compare } from 'bcryptjs';
import pLimit from 'p-limit';
import { availableParallelism } from 'node:os';

// OWASP's first recommendation for argon2id: 19 MiB, two passes, one lane. About 20 ms in a libuv thread.
const OPTIONS = { algorithm: Algorithm.Argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** What a password check found. */
export interface PasswordCheck {
  readonly ok: boolean;
  /** The stored hash is of an older kind: hash the password anew now that it is known. */
  readonly outdated: boolean;
}

/** Hashes and verifies passwords off the event loop. */
@Injectable()
export class Passwords {
  private decoy: Promise<string> | undefined;
  // A core stays free for everything else: fifty people who sign in at once wait for each other and for nobody else.
  private readonly turn = pLimit(Math.max(1, availableParallelism() - 1));

  /** A new argon2id hash. */
  async hash(password: string): Promise<string> {
    return this.turn(() => hash(password, OPTIONS));
  }

  /**
   * Compares in the time of one hash whatever is stored: without a hash (unknown account, Google account) a decoy is
   * verified, so that the answer's time tells nothing.
   */
  async verify(password: string, stored: string | undefined): Promise<PasswordCheck> {
    if (stored === undefined) {
      this.decoy ??= this.hash('decoy of no account');
      const decoy = await this.decoy;
      await this.turn(() => verify(decoy, password));
      return { ok: false, outdated: false };
    }
    if (stored.startsWith('$2')) return { ok: await this.turn(() => compare(password, stored)), outdated: true };
    return { ok: await this.turn(() => verify(stored, password).catch(() => false)), outdated: false };
  }
}
