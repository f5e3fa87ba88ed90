import { quantile } from '../stats/quantile.ts';

const MOST_KEPT = 2_000;

/**
 * The figures of many values, in bounded memory: count, mean and largest of all of them, p95 of at most 2,000 of them. Where there are
 * more, every second, every fourth ... of them is looked at: as good as a random choice as long as the values have no such period.
 */
export class Timings {
  #kept: number[] = [];
  #stride = 1;
  #seen = 0;
  #weight = 0;
  #sum = 0;
  #max = Number.NEGATIVE_INFINITY;

  /** @param weight it stands for so many, by its sampling rate */
  add(value: number, weight: number): void {
    this.#weight += weight;
    this.#sum += value * weight;
    this.#max = Math.max(this.#max, value);
    if (this.#seen % this.#stride === 0) this.#kept.push(value);
    this.#seen += 1;
    if (this.#kept.length < MOST_KEPT) return;
    this.#kept = this.#kept.filter((_, index) => index % 2 === 0);
    this.#stride *= 2;
  }

  /** By the end of the metric's name; none without values. */
  figures(): [end: string, value: number][] {
    const p95 = quantile(this.#kept, 0.95);
    if (p95 === null) return [];
    return [
      ['count', this.#weight],
      ['mean', this.#sum / this.#weight],
      ['p95', p95],
      ['max', this.#max],
    ];
  }
}
