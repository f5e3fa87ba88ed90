/** The units of durations, largest first, in milliseconds. */
export const DURATION_UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const;

/** A length of time as it stands in `watchkeeper.yaml`, `90s`, `2m`: the largest unit that leaves a whole number. */
export function durationText(ms: number): string {
  const [unit, size] = DURATION_UNITS.find(([, each]) => ms >= each && ms % each === 0) ?? ['ms', 1];
  return ms === 0 ? '0' : `${ms / size}${unit}`;
}
