import { type Alarm, type Counts, countsOf, episodesOf, f1Of, sumOf } from './episodes.ts';
import { CASES, type Case, NOISES, type Noise, type SyntheticSeries, syntheticSeries } from './synthetic.ts';

/** What was found, and what was false, in all series of one noise and one case. */
export type Cell = (noise: Noise, what: Case) => Counts;

/** Of every noise that is named and every case so many series, each with the alarms that are raised in it. */
export function cellsOf(
  alarmsIn: (series: SyntheticSeries) => readonly Alarm[],
  seeds: number,
  noises: readonly Noise[] = NOISES,
): Cell {
  const known = new Map<string, Counts>();
  for (const noise of noises) {
    for (const what of CASES) {
      const counts = Array.from({ length: seeds }, (_, seed) => {
        const series = syntheticSeries(noise, what, seed + 1);
        return countsOf(episodesOf(alarmsIn(series)), series.changes, series.values.length);
      });
      known.set(`${noise}/${what}`, sumOf(counts));
    }
  }
  return (noise, what) => known.get(`${noise}/${what}`) ?? sumOf([]);
}

/** Over all cases of these noises together. */
export function f1In(cell: Cell, ...noises: Noise[]): number {
  return f1Of(sumOf(noises.flatMap(noise => CASES.map(what => cell(noise, what)))));
}
