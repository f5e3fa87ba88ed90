const KEPT = 400;
const MOST_SHARE = 0.02;
const ALIKE = 0.5;

/** Remembers spikes: one that comes again and again, such as a nightly backup, is a part of what is normal. */
export class Rarity {
  readonly #spikes: { position: number; size: number }[] = [];

  /** What it knows, as numbers; `restore` takes them. */
  save(): number[] {
    return this.#spikes.flatMap(({ position, size }) => [position, size]);
  }

  restore(numbers: ArrayLike<number>): void {
    this.#spikes.length = 0;
    for (let at = 0; at + 1 < numbers.length && this.#spikes.length < KEPT; at += 2)
      this.#spikes.push({ position: numbers[at] ?? 0, size: numbers[at + 1] ?? 0 });
  }

  /**
   * Whether a spike is still a rare one: at most 2 % of the values before it were like it (at least half as large, to the same side).
   * It is remembered either way.
   *
   * @param size with its sign; @param position number of the observation, from 0
   */
  isRare(size: number, position: number): boolean {
    const known = Math.min(position, KEPT);
    const alike = this.#spikes.filter(
      spike => position - spike.position <= KEPT && spike.size / size >= ALIKE,
    ).length;
    this.#spikes.push({ position, size });
    if (this.#spikes.length > KEPT) this.#spikes.shift();
    return alike <= MOST_SHARE * known;
  }
}
