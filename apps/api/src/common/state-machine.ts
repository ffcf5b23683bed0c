/** Transitions as data: for each state the states it may go to. A state without targets is terminal. */
export type Transitions<S extends string> = Readonly<Record<S, readonly S[]>>;

/**
 * A state machine that was checked when it was built: every target is a known state and every state can be reached
 * from the initial ones. The transition itself stays a conditional update in a repository; this says what is legal.
 */
export class StateMachine<S extends string> {
  constructor(
    readonly name: string,
    private readonly transitions: Transitions<S>,
    initial: readonly S[],
  ) {
    const states = new Set<string>(Object.keys(transitions));
    const reached = new Set<S>(initial);
    const queue: S[] = [...initial];
    for (let state = queue.shift(); state !== undefined; state = queue.shift()) {
      if (!states.has(state)) throw new Error(`State machine ${name}: unknown state ${state}`);
      for (const next of transitions[state]) {
        if (!reached.has(next)) {
          reached.add(next);
          queue.push(next);
        }
      }
    }
    const lost = [...states].filter((state) => !reached.has(state as S));
    if (lost.length > 0) throw new Error(`State machine ${name}: unreachable states ${lost.join(', ')}`);
  }

  /** May an entity in `from` go to `to`? */
  can(from: S, to: S): boolean {
    return this.transitions[from].includes(to);
  }

  /** The states that may follow `from`; empty for a terminal state. */
  next(from: S): readonly S[] {
    return this.transitions[from];
  }

  /** The states from which `to` can be reached in one step: the `from` side of a conditional update. */
  sourcesOf(to: S): readonly S[] {
    return (Object.keys(this.transitions) as S[]).filter((state) => this.transitions[state].includes(to));
  }

  isTerminal(state: S): boolean {
    return this.transitions[state].length === 0;
  }
}
