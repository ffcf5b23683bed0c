import { type Database, existing, idOf, keyOf, type Migration, oid, type Old, rewriteEach } from '../platform/database';

/** What a reference names, and whether a document makes sense without it. */
interface Reference {
  readonly field: string;
  readonly to: 'users' | 'conversations' | 'meals' | 'medicationrequests' | null;
  readonly optional?: true;
}

const user = (field: string): Reference => ({ field, to: 'users' });
const optional = (field: string, to: Reference['to'] = 'users'): Reference => ({ field, to, optional: true });

/** The references of older versions, by collection. */
const REFERENCES: Readonly<Record<string, readonly Reference[]>> = {
  appointments: [user('patientId'), user('doctorId'), optional('deletedBy')],
  conversations: [user('patientId'), optional('doctorId'), optional('pharmacistId'), optional('lastSenderId')],
  messages: [{ field: 'conversationId', to: 'conversations' }, user('senderId'), user('receiverId')],
  notifications: [user('userId'), optional('relatedId', null)],
  patientrequests: [user('patientId'), user('doctorId')],
  userratings: [user('patientId'), user('targetId')],
  glucoses: [user('patientId')],
  meals: [user('patientId')],
  fooditems: [{ field: 'mealId', to: 'meals' }, user('patientId')],
  medicationrequests: [user('patientId'), optional('selectedPharmacyId')],
  reviews: [optional('patientId'), user('pharmacyId'), optional('requestId', 'medicationrequests')],
  ratings: [optional('patientId'), user('pharmacyId'), { field: 'medicationRequestId', to: 'medicationrequests' }],
  boosts: [user('pharmacyId')],
  pharmacyactivities: [user('pharmacyId')],
};

/** Takes the place of a reference that is no id: it names nobody, as one to an account that is gone. */
const NOBODY = '000000000000000000000000';

/** What is known of the documents that references name. */
class Targets {
  private readonly known = new Map<string, boolean>();

  constructor(private readonly connection: Database) {}

  async exists(collection: string, id: string): Promise<boolean> {
    const key = `${collection}:${id}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const found = await this.connection.collection(collection).findOne({ _id: oid(id) }, { projection: { _id: 1 } });
    this.known.set(key, found !== null);
    return found !== null;
  }
}

interface Tally {
  malformed: number;
  dangling: number;
}

async function referencesOf(document: Old, references: readonly Reference[], targets: Targets, tally: Tally) {
  const set: Record<string, unknown> = {};
  const unset: Record<string, ''> = {};
  for (const { field, to, optional: mayBeAbsent } of references) {
    const value = document[field];
    if (value === undefined || value === null) {
      if (mayBeAbsent !== true) set[field] = oid(NOBODY);
      continue;
    }
    const id = keyOf(value);
    if (id === '') {
      tally.malformed += 1;
      if (mayBeAbsent === true) unset[field] = '';
      else set[field] = oid(NOBODY);
      continue;
    }
    if (!isId(value)) set[field] = oid(id);
    if (to !== null && id !== NOBODY && !(await targets.exists(to, id))) tally.dangling += 1;
  }
  return { set, unset };
}

function isId(value: unknown): boolean {
  return typeof value === 'object' && idOf(value) === value;
}

/** The entries of a medication request, with ids that are ids; undefined when they are in order. */
async function entriesOf(document: Old, targets: Targets, tally: Tally): Promise<unknown[] | undefined> {
  const entries = document['pharmacyResponses'];
  if (!Array.isArray(entries)) return undefined;
  let changed = false;
  const written: unknown[] = [];
  for (const entry of entries as Old[]) {
    const { set } = await referencesOf(entry, [user('pharmacyId')], targets, tally);
    if (Object.keys(set).length > 0) changed = true;
    written.push({ ...entry, ...set });
  }
  return changed ? written : undefined;
}

/** Step 6: references that are stored as text become ids. What they name and is not there is counted. */
export const references: Migration = {
  name: '0006-references',
  async up(connection, run) {
    const counts: Record<string, number> = {};
    const targets = new Targets(connection);
    const tally: Tally = { malformed: 0, dangling: 0 };
    for (const name of await existing(connection, Object.keys(REFERENCES))) {
      counts[name] = await rewriteEach(connection, name, run, async (document) => {
        const { set, unset } = await referencesOf(document, REFERENCES[name] ?? [], targets, tally);
        const entries = name === 'medicationrequests' ? await entriesOf(document, targets, tally) : undefined;
        if (entries !== undefined) set['pharmacyResponses'] = entries;
        const update = {
          ...(Object.keys(set).length === 0 ? {} : { $set: set }),
          ...(Object.keys(unset).length === 0 ? {} : { $unset: unset }),
        };
        return Object.keys(update).length === 0 ? null : update;
      });
    }
    return { ...counts, ...tally };
  },
};
