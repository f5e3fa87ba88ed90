/** Lengths of time as a person would choose them. */
const CHOICES: readonly [text: string, ms: number][] = [
  ...[1, 2, 3, 5, 10, 15, 20, 30, 45].map((n): [string, number] => [`${n}s`, n * 1_000]),
  ...[1, 1.5, 2, 3, 5, 6, 8, 10, 15, 20, 30, 45].map((n): [string, number] => [
    n === 1.5 ? '90s' : `${n}m`,
    n * 60_000,
  ]),
  ...[1, 1.5, 2, 3, 4, 6, 8, 12, 24].map((n): [string, number] => [
    n === 1.5 ? '90m' : `${n}h`,
    n * 3_600_000,
  ]),
  ...[2, 3, 5, 7, 10, 14, 20].map((n): [string, number] => [`${n}d`, n * 86_400_000]),
];

/** The shortest usual length that is long enough; null where none is. `text` is what stands in `watchkeeper.yaml`. */
export function usualDuration(atLeastMs: number): { text: string; ms: number } | null {
  const found = CHOICES.find(([, ms]) => ms >= atLeastMs);
  return found === undefined ? null : { text: found[0], ms: found[1] };
}

/** Seconds in a sentence: `66 ms`, `0.43 s`, `12 s`, `2.5 min`, `3.2 h`. */
export function secondsText(seconds: number): string {
  if (seconds < 0.1) return `${short(seconds * 1000)} ms`;
  if (seconds >= 7_200) return `${short(seconds / 3_600)} h`;
  return seconds >= 120 ? `${short(seconds / 60)} min` : `${short(seconds)} s`;
}

/** Three digits of a number, without an exponent. */
export function short(value: number): string {
  return String(Number(Number(value.toPrecision(3)).toFixed(6)));
}

/** A share as a percentage: `2.5 %`. */
export function percentText(share: number): string {
  return `${short(share * 100)} %`;
}
