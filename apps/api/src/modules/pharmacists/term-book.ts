/** Texts by small numbers, counted by use: pharmacies share most of their medicines. */
export class TermBook {
  private readonly texts: (string | null)[] = [];
  private readonly uses: number[] = [];
  private readonly ids = new Map<string, number>();
  private readonly free: number[] = [];

  /** The number of a text, one use more. */
  acquire(text: string): number {
    const known = this.ids.get(text);
    const id = known ?? this.free.pop() ?? this.texts.length;
    if (known === undefined) {
      this.texts[id] = text;
      this.uses[id] = 0;
      this.ids.set(text, id);
    }
    this.uses[id] = (this.uses[id] ?? 0) + 1;
    return id;
  }

  /** One use less; a text without uses is forgotten and its number given to another. */
  release(id: number): void {
    const left = (this.uses[id] ?? 0) - 1;
    this.uses[id] = left;
    const text = this.texts[id];
    if (left > 0 || text === null || text === undefined) return;
    this.ids.delete(text);
    this.texts[id] = null;
    this.free.push(id);
  }

  /** For each number 1 when its text contains this one. */
  containing(text: string): Uint8Array {
    const found = new Uint8Array(this.texts.length);
    for (let id = 0; id < this.texts.length; id += 1) if (this.texts[id]?.includes(text) === true) found[id] = 1;
    return found;
  }
}
