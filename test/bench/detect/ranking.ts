import { beginIsolationForest } from '../../../src/detect/isolation-forest.ts';
import { beginMetric } from '../../../src/detect/metric.ts';
import { changePointsOf } from '../../../src/detect/offline-change-points.ts';
import { mean } from '../../../src/stats/mean.ts';
import { seededRandom } from '../../../src/stats/random.ts';
import { DETECTION } from '../../supervise/played.ts';
import type { Row, Table } from '../table.ts';
import { type NabSeries, nabScore, nabScoreAt } from './nab.ts';
import { type AnnotatedSeries, type LabelledSeries, nabSeries, tcpdSeries } from './series.ts';
import { meanScore, type TcpdScore, tcpdScore } from './tcpd.ts';
import { vusPr } from './vus.ts';

/** By ranking: the ensemble's score, and the vote of each detector. */
type Ranked = Map<string, NabSeries & { group: string }>[];

/** The two tables of the labelled series of the Numenta Anomaly Benchmark. */
export function nabTables(folder: string, progress: (text: string) => void): Table[] {
  const ranked: Ranked = nabSeries(folder).map(series => {
    progress(`nab: ${series.group}/${series.name}`);
    return rankingsOf(series);
  });
  return [nabTable(ranked), vusTable(ranked)];
}

/** The standard score, with one threshold for all series. */
function nabTable(ranked: Ranked): Table {
  const names = [...(ranked[0]?.keys() ?? [])];
  const groups = [...new Set(ranked.flatMap(series => [...series.values()].map(({ group }) => group)))];
  const labelled = groups.filter(group =>
    ofRanking(ranked, 'ensemble').some(each => each.group === group && each.windows.length > 0),
  );
  return {
    title: 'Numenta Anomaly Benchmark, standard score, one threshold for all series',
    subject: 'ranking',
    columns: ['all', ...labelled].map(name => ({ name, decimals: 1 })),
    rows: names.map((name): Row => {
      const all = ofRanking(ranked, name);
      const { score, threshold } = nabScore(all);
      const parts = labelled.map(group =>
        nabScoreAt(
          all.filter(each => each.group === group),
          threshold,
        ),
      );
      const goal = name === 'ensemble' ? { text: 'above 80', met: score > 80 } : null;
      return { label: name, figures: [score, ...parts], goal };
    }),
    notes: [
      'published on these series: 80.4 (ARTime), 72.8 (Numenta HTM), 56.7 (S-H-ESD), 50.9 (windowed Gaussian)',
    ],
  };
}

/** The longest buffer around a labelled window, in points. */
const LONGEST_BUFFER = 100;

/** The volume under the surface of precision and recall: without a threshold, the mean over the labelled series. */
function vusTable(ranked: Ranked): Table {
  const names = [...(ranked[0]?.keys() ?? [])];
  const labelled = ranked.filter(series => [...series.values()].some(({ windows }) => windows.length > 0));
  const groups = [...new Set(labelled.flatMap(series => [...series.values()].map(({ group }) => group)))];
  return {
    title: `VUS-PR on the same series: ${labelled.length} that have labels, buffers of 0 to ${LONGEST_BUFFER} points`,
    subject: 'ranking',
    columns: ['all', ...groups].map(name => ({ name, decimals: 3 })),
    rows: names.map((name): Row => {
      const volumes = ofRanking(labelled, name).map(series => ({
        group: series.group,
        volume: vusPr(series, LONGEST_BUFFER),
      }));
      const meanOf = (group: string | null): number | null =>
        mean(volumes.flatMap(each => (group === null || each.group === group ? (each.volume ?? []) : [])));
      return { label: name, figures: [meanOf(null), ...groups.map(meanOf)], goal: null };
    }),
    notes: [
      'every series counts alike, from its first point on; `at random`: scores that know nothing, for comparison',
      'the labelled windows are a tenth of a series wide, most of what lies in them is ordinary: no ranking of points comes near 1',
    ],
  };
}

function ofRanking(ranked: Ranked, name: string): (NabSeries & { group: string })[] {
  return ranked.flatMap(series => series.get(name) ?? []);
}

function rankingsOf({ group, windows, values, timesMs }: LabelledSeries): Ranked[number] {
  const ensemble = beginMetric(DETECTION, { ...DETECTION, floor: 0 }, 'ranking');
  const forest = beginIsolationForest({ seed: DETECTION.seed }, 1);
  const random = seededRandom(values.length);
  const scores = new Map<string, (number | null)[]>();
  const note = (name: string, score: number | null): void => {
    const known = scores.get(name) ?? [];
    known.push(score);
    scores.set(name, known);
  };
  values.forEach((value, index) => {
    const { score, votes } = ensemble.next(value, timesMs[index] ?? null);
    note('ensemble', score);
    for (const [name, vote] of Object.entries(votes)) note(name, vote);
    note('isolation-forest', forest.next({ values: [value], timeMs: null }).score);
    note('at random', random());
  });
  return new Map([...scores].map(([name, each]) => [name, { group, windows, scores: each }]));
}

/** Change points of whole series against those that several people marked, and how that hangs on how much a change must be worth. */
export function tcpdTables(folder: string): Table[] {
  const series = tcpdSeries(folder);
  return [tcpdTable(series), strictnessTable(series)];
}

function strictnessTable(series: readonly AnnotatedSeries[]): Table {
  return {
    title: 'The curve: how much a change must be worth, against the agreement with people',
    subject: 'times as much',
    columns: [
      { name: 'F1', decimals: 3 },
      { name: 'covering', decimals: 3 },
      { name: 'precision', decimals: 3 },
      { name: 'recall', decimals: 3 },
      { name: 'change points a series', decimals: 1 },
    ],
    rows: [0.5, 0.7, 0.85, 1, 1.2, 1.5, 2, 4].map((strictness): Row => {
      const found = series.map(({ values }) => changePointsOf(values, { period: null }, strictness));
      const { f1, covering, precision, recall } = meanScore(
        series.map(({ values, annotations }, at) =>
          tcpdScore(annotations, found[at]?.map(({ index }) => index) ?? [], values.length),
        ),
      );
      const figures = [f1, covering, precision, recall, found.flat().length / series.length];
      return { label: strictness === 1 ? '1 (as shipped)' : String(strictness), figures, goal: null };
    }),
    notes: ['one series moves the mean covering by up to 0.02: steps of that size are chance'],
  };
}

function amongThemselves({ values, annotations }: AnnotatedSeries): TcpdScore {
  return meanScore(annotations.map((own, at) => tcpdScore(annotations.toSpliced(at, 1), own, values.length)));
}

function tcpdTable(series: readonly AnnotatedSeries[]): Table {
  const scores = series.map(({ values, annotations }) => {
    const found = changePointsOf(values, { period: null }).map(({ index }) => index);
    return tcpdScore(annotations, found, values.length);
  });
  const none = series.map(({ values, annotations }) => tcpdScore(annotations, [], values.length));
  const all = meanScore(scores);
  const zero = meanScore(none);
  const people = meanScore(series.map(amongThemselves));
  return {
    title: `Turing Change Point Dataset, ${series.length} series`,
    subject: 'series',
    columns: [
      { name: 'F1', decimals: 3 },
      { name: 'covering', decimals: 3 },
    ],
    rows: [
      ...series.map(
        ({ name }, index): Row => ({
          label: name,
          figures: [scores[index]?.f1 ?? null, scores[index]?.covering ?? null],
          goal: null,
        }),
      ),
      { label: 'nothing predicted', figures: [zero.f1, zero.covering], goal: null },
      { label: 'each person against the others', figures: [people.f1, people.covering], goal: null },
      {
        label: 'mean',
        figures: [all.f1, all.covering],
        goal: { text: 'F1 0.76, covering 0.72', met: all.f1 >= 0.76 && all.covering >= 0.72 },
      },
    ],
    notes: [
      'published over all 31 series, with defaults: 0.738 / 0.693 (binary segmentation), 0.605 / 0.506 (Otava)',
    ],
  };
}
