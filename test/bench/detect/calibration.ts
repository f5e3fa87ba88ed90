import { mannWhitney } from '../../../src/stats/mann-whitney.ts';
import type { Table } from '../table.ts';
import { ALARMERS, alarmsOf } from './alarms.ts';
import { episodesOf, isRight } from './episodes.ts';
import { CASES, NOISES, syntheticSeries } from './synthetic.ts';

const EDGES = [0, 0.6, 0.7, 0.8, 0.9, 1.01];
/** Other seeds than those that the confidence was fitted on. */
const FIRST_SEED = 1;

interface Told {
  confidence: number;
  isRight: boolean;
}

/** Where the confidence says p, how often an episode is right. */
export function calibrationTable(seeds: number): Table {
  const [ensemble] = ALARMERS;
  const episodes: Told[] = [];
  for (const noise of NOISES) {
    for (const what of CASES) {
      for (let seed = FIRST_SEED; seed < FIRST_SEED + seeds; seed += 1) {
        const { values, changes } = syntheticSeries(noise, what, seed);
        const alarms = ensemble === undefined ? [] : alarmsOf(ensemble, values);
        for (const episode of episodesOf(alarms)) {
          episodes.push({ confidence: episode.confidence, isRight: isRight(episode, changes) });
        }
      }
    }
  }
  return {
    title: 'Calibration of the confidence',
    subject: 'confidence',
    columns: [
      { name: 'episodes', decimals: 0 },
      { name: 'it says', decimals: 3 },
      { name: 'it is right', decimals: 3 },
    ],
    rows: EDGES.slice(1).map((high, index) => {
      const low = EDGES[index] ?? 0;
      const inside = episodes.filter(({ confidence }) => confidence >= low && confidence < high);
      const says = share(inside.map(({ confidence }) => confidence));
      const right = share(inside.map(each => Number(each.isRight)));
      const isTop = low === 0.9;
      const met = isTop ? right >= 0.9 : Math.abs(says - right) <= 0.05;
      return {
        label: `${low} to ${Math.min(1, high)}`,
        figures: inside.length === 0 ? [0, null, null] : [inside.length, says, right],
        goal: inside.length < 20 ? null : { text: isTop ? 'right in 0.9' : 'within 0.05', met },
      };
    }),
    notes: [
      'an episode that begins later than 15 runs after its shift counts as wrong',
      'rows with fewer than 20 episodes have no goal',
      `in ${share100(superiority(episodes))} of the pairs of a right and a wrong episode it is higher for the right one`,
    ],
  };
}

function share(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0) / Math.max(1, numbers.length);
}

function superiority(episodes: readonly Told[]): number | null {
  const confidences = (right: boolean): number[] =>
    episodes.filter(each => each.isRight === right).map(({ confidence }) => confidence);
  return mannWhitney(confidences(false), confidences(true))?.superiority ?? null;
}

function share100(part: number | null): string {
  return part === null ? 'none' : `${(100 * part).toFixed(1)} %`;
}
