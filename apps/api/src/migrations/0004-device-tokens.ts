import { createHash } from 'node:crypto';
import { ROLES, userTypeOf } from '../common/enums';
import { type Migration, madeAt, dateOf, newId, type Old, spelled, Writes } from '../platform/database';

/** Push tokens of one account; more are not kept (contract 70). */
const MAX_TOKENS = 20;

function tokensOf(user: Old): string[] {
  const stored = user['fcmTokens'];
  const list = Array.isArray(stored) ? (stored as unknown[]) : [stored];
  const tokens = list.map((entry) =>
    typeof entry === 'object' && entry !== null ? (entry as { token?: unknown }).token : entry,
  );
  return [...new Set(tokens.filter((token): token is string => typeof token === 'string' && token !== ''))];
}

/** Step 4: push tokens move out of the accounts. One that several accounts had stays with the one changed last. */
export const deviceTokens: Migration = {
  name: '0004-device-tokens',
  async up(connection, run) {
    const users = await connection
      .collection('users')
      .find<Old>({ fcmTokens: { $ne: null } }, { projection: { fcmTokens: 1, role: 1, updatedAt: 1, createdAt: 1 } })
      .toArray();
    if (users.length === 0) return { tokens: 0, accounts: 0, notKept: 0 };
    const changedAt = (user: Old): number => (dateOf(user['updatedAt']) ?? madeAt(user)).getTime();
    users.sort((a, b) => changedAt(b) - changedAt(a));
    const stored = await connection
      .collection('devicetokens')
      .find<Old>({}, { projection: { tokenHash: 1 } })
      .toArray();
    const taken = new Set(stored.map((token) => token['tokenHash'] as string));
    const tokens = new Writes(connection.collection('devicetokens'), run);
    const accounts = new Writes(connection.collection('users'), run);
    let notKept = 0;
    for (const user of users) {
      const all = tokensOf(user);
      const role = spelled(user['role'], ROLES);
      // The newest stand at the end.
      for (const [index, token] of all.entries()) {
        const tokenHash = createHash('sha256').update(token).digest('hex');
        if (taken.has(tokenHash) || role === undefined || index < all.length - MAX_TOKENS) {
          notKept += 1;
          continue;
        }
        taken.add(tokenHash);
        const at = new Date(changedAt(user));
        const times = { lastUsedAt: at, createdAt: at, updatedAt: at };
        await tokens.insert({ _id: newId(), userId: user._id, token, tokenHash, userType: userTypeOf(role), ...times });
      }
    }
    await tokens.flush();
    for (const user of users) await accounts.update(user._id, { $unset: { fcmTokens: '' } });
    await accounts.flush();
    return { tokens: tokens.count, accounts: accounts.count, notKept };
  },
};
