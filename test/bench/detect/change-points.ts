import { changePointsOf } from '../../../src/detect/offline-change-points.ts';
import type { Row, Table } from '../table.ts';
import { type TcpdSeries, tcpdSeries } from './series.ts';
import { meanScore, type TcpdScore, tcpdScore } from './tcpd.ts';

const GOAL = { f1: 0.76, covering: 0.72 };

/** How well the change points of whole series agree with those that people marked, beside marking nothing at all. */
export function changePointTable(folder: string): Table {
  const series = tcpdSeries(folder);
  const found = series.map(each => scoreOf(each, foundIn(each)));
  const none = series.map(each => scoreOf(each, []));
  return {
    title: 'Change points of whole series (Turing Change Point Dataset)',
    subject: 'series',
    columns: ['F1', 'covering', 'F1 of none', 'covering of none'].map(name => ({ name, decimals: 3 })),
    rows: [
      ...series.map(({ name }, at) => rowOf(name, found[at], none[at])),
      { ...rowOf('mean', meanScore(found), meanScore(none)), goal: goalOf(meanScore(found)) },
    ],
    notes: [
      'F1 with a margin of 5, index 0 counted; see tcpd.ts for both scores',
      'binary segmentation with its defaults: 0.738 and 0.693 over all 31 series',
    ],
  };
}

function foundIn({ values }: TcpdSeries): number[] {
  return changePointsOf(values, { period: null }).map(({ index }) => index);
}

function scoreOf({ annotations, values }: TcpdSeries, places: readonly number[]): TcpdScore {
  return tcpdScore(annotations, places, values.length);
}

function rowOf(label: string, found: TcpdScore | undefined, none: TcpdScore | undefined): Row {
  const figures = [found?.f1, found?.covering, none?.f1, none?.covering];
  return { label, figures: figures.map(figure => figure ?? null), goal: null };
}

function goalOf({ f1, covering }: TcpdScore): Row['goal'] {
  const met = f1 > GOAL.f1 && covering > GOAL.covering;
  return { text: `above ${GOAL.f1} and ${GOAL.covering}`, met };
}
