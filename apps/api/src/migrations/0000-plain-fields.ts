import { existing, madeAt, type Migration, rewriteEach } from '../platform/database';

/** Collections of older versions. */
const COLLECTIONS = [
  'users',
  'appointments',
  'conversations',
  'messages',
  'notifications',
  'patientrequests',
  'medicationrequests',
  'glucoses',
  'meals',
  'fooditems',
  'reviews',
  'ratings',
  'boosts',
  'pharmacyactivities',
];
/** Those whose documents carry the version that ETags are made of. */
const VERSIONED = new Set(['users', 'appointments', 'medicationrequests', 'glucoses', 'meals', 'fooditems']);

/** An unset field is absent and never null; every document knows when it was made, and its version. */
export const plainFields: Migration = {
  name: '0000-plain-fields',
  async up(connection, run) {
    const counts: Record<string, number> = {};
    for (const name of await existing(connection, COLLECTIONS)) {
      counts[name] = await rewriteEach(connection, name, run, (document) => {
        const nulls = Object.keys(document).filter((key) => document[key] === null);
        const set: Record<string, unknown> = {};
        if (!(document['createdAt'] instanceof Date)) set['createdAt'] = madeAt(document);
        if (!(document['updatedAt'] instanceof Date)) set['updatedAt'] = madeAt(document);
        if (VERSIONED.has(name) && typeof document['__v'] !== 'number') set['__v'] = 0;
        const unset = nulls.filter((key) => !(key in set));
        if (unset.length === 0 && Object.keys(set).length === 0) return null;
        return {
          ...(Object.keys(set).length === 0 ? {} : { $set: set }),
          ...(unset.length === 0 ? {} : { $unset: Object.fromEntries(unset.map((key) => [key, ''])) }),
        };
      });
    }
    return counts;
  },
};
