/** So many runs are known before a shift is put in, and so many come after it. */
const BEFORE = 40;
const AFTER = 20;
const EVERY = 30;

/** The series with a shift of so many percent, put in at one place after the other. */
export function injected(series: readonly number[][], percent: number): { values: number[]; at: number }[] {
  return series.flatMap(values => {
    const places = Math.max(0, Math.ceil((values.length - AFTER - BEFORE) / EVERY));
    return Array.from({ length: places }, (_, place) => {
      const at = BEFORE + place * EVERY;
      return { at, values: values.map((value, index) => (index < at ? value : value * (1 + percent / 100))) };
    });
  });
}
