/** Ids that exist: gathered from every answer, so that calls reach real resources, the caller's and other people's. */

const KEPT = 48;
/** How deep and how far into lists an answer is read. */
const DEPTH = 4;
const ELEMENTS = 10;
const ID = /^[0-9a-f]{24}$/;

/** `doctor` and `medecins` speak of the same people. */
const SAME = {
  medecin: 'doctor',
  pharmacien: 'pharmacist',
  pharmacy: 'pharmacist',
  'my-patient': 'patient',
  'my-doctor': 'doctor',
  'my-record': 'glucose',
  record: 'glucose',
  reading: 'glucose',
  'patient-request': 'request',
  'my-request': 'request',
};

/** The kind of thing that a path segment or a key names: `appointments`, `appointmentId` -> `appointment`. */
function kindOf(name) {
  const singular = name.replace(/Ids?$/, '').replace(/s$/, '');
  return SAME[singular] ?? singular;
}

/** What `{id}` in a path, or else the whole path, speaks of: the word before it. */
function kindOfPath(template) {
  const [before = ''] = template.split('/{id}');
  const words = before.split('/').filter((part) => part !== '' && !part.startsWith('{'));
  return kindOf(words.at(-1) ?? '');
}

/** Ids by kind; the newest push out a random older one. */
export class IdPool {
  #kinds = new Map();
  #random;

  constructor(random) {
    this.#random = random;
  }

  /** Remembers an id. */
  add(kind, id) {
    let known = this.#kinds.get(kind);
    if (known === undefined) this.#kinds.set(kind, (known = []));
    if (known.includes(id)) return;
    if (known.length < KEPT) known.push(id);
    else known[this.#random.below(KEPT)] = id;
  }

  /** An id of this kind, or of any when there is none. */
  one(kind, random) {
    const known = this.#kinds.get(kind) ?? random.pick([...this.#kinds.values(), ['507f1f77bcf86cd799439011']]);
    return random.pick(known);
  }

  /** Gathers what an answer names. */
  gather(template, body) {
    this.#walk(kindOfPath(template), body, 0);
  }

  #walk(kind, value, depth) {
    if (typeof value !== 'object' || value === null || depth > DEPTH) return;
    if (Array.isArray(value)) {
      for (const element of value.slice(0, ELEMENTS)) this.#walk(kind, element, depth + 1);
      return;
    }
    for (const [key, child] of Object.entries(value)) {
      if (typeof child === 'string' && ID.test(child)) this.add(key === '_id' ? kind : kindOf(key), child);
      else this.#walk(kind, child, depth + 1);
    }
  }
}

/** The ids as one caller sees them: its own account first. */
export class CallerIds {
  constructor(pool, caller) {
    this.pool = pool;
    this.caller = caller;
  }

  /** An id for a place of this name. */
  some(name, random, template = '') {
    const kind = name === 'id' ? kindOfPath(template) : kindOf(name);
    const own = this.caller === null ? undefined : this.caller.own[kind];
    if (own !== undefined && random.chance(0.6)) return own;
    if (random.chance(0.06)) return random.hex(24);
    return this.pool.one(kind, random);
  }
}
