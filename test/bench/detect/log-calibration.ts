import { assess } from '../../../src/detect/assess.ts';
import { beginMetric } from '../../../src/detect/metric.ts';
import type { AnomalyEvent } from '../../../src/glossary/event.ts';
import type { ModuleState } from '../../../src/glossary/judgement.ts';
import { incidentIdOf } from '../../../src/judge/incident-id.ts';
import { surestOf } from '../../../src/judge/surest.ts';
import { judgeRun } from '../../../src/judge.ts';
import { runOf } from '../../judge/runs.ts';
import { DETECTION } from '../../supervise/played.ts';
import type { Table } from '../table.ts';
import type { Change } from './episodes.ts';
import { CASES, NOISES, syntheticSeries } from './synthetic.ts';

const METRIC = 'runtimeSeconds';
const RULE = { ...DETECTION, floor: 0 };
const EDGES = [0, 0.2, 0.4, 0.6, 0.8, 0.9, 1.01];
const NO_PAST = { since: () => null, isTold: () => true, rule: () => RULE, idOf: () => '' };

interface Said {
  confidence: number;
  isRight: boolean;
}

/** Of what the rule raises in series of every kind, how often it is right where the log says how sure the detectors are. */
export function logCalibrationTable(seeds: number): Table {
  const [lines, incidents]: [Said[], Said[]] = [[], []];
  for (const noise of NOISES) {
    for (const what of CASES) {
      for (let seed = 1; seed <= seeds; seed += 1) {
        const { values, changes } = syntheticSeries(noise, what, seed);
        const told = anomaliesIn(values);
        lines.push(...told.map(line => saidOf([line], changes)));
        incidents.push(
          ...[...Map.groupBy(told, ({ incident }) => incident).values()].map(all => saidOf(all, changes)),
        );
      }
    }
  }
  return {
    title: 'Calibration of anomalies.log: what the rule raises',
    subject: 'confidence',
    columns: [
      'lines',
      'they say',
      'are right',
      'incidents',
      'their surest line says',
      'incidents are right',
    ].map((name, column) => ({ name, decimals: column % 3 === 0 ? 0 : 2 })),
    rows: EDGES.slice(1).map((high, index) => {
      const low = EDGES[index] ?? 0;
      const figures = [lines, incidents].flatMap(all => figuresOf(all, low, high));
      return { label: `${low} to ${Math.min(1, high)}`, figures, goal: null };
    }),
    notes: [
      'a line is right where it lies within 15 runs after a shift, at a spike, or anywhere in a drift; an incident where one of its lines is',
    ],
  };
}

/** The lines of the log with `"event":"anomaly"`, in their order: the run is the place in the series. */
function anomaliesIn(values: readonly number[]): AnomalyEvent[] {
  const metric = beginMetric(DETECTION, RULE, 'events');
  let state: ModuleState = {};
  return values.flatMap((value, index) => {
    const run = { ...runOf(index, { [METRIC]: value }), id: String(index) };
    const judged = judgeRun(
      state,
      run,
      () => RULE,
      ({ id }, name) => incidentIdOf(id, name),
    );
    state = judged.state;
    const verdicts = new Map([[METRIC, { ...metric.next(value, null), value }]]);
    const { events } = assess(run, judged.events, verdicts, NO_PAST);
    return events.filter(({ event }) => event === 'anomaly');
  });
}

function saidOf(lines: readonly AnomalyEvent[], changes: readonly Change[]): Said {
  const isWithin = ({ run }: AnomalyEvent): boolean =>
    changes.some(({ at, within }) => Number(run) >= at && Number(run) <= at + within);
  return { confidence: surestOf(lines)?.confidence ?? 0, isRight: lines.some(isWithin) };
}

function figuresOf(all: readonly Said[], low: number, high: number): (number | null)[] {
  const inside = all.filter(({ confidence }) => confidence >= low && confidence < high);
  if (inside.length === 0) return [0, null, null];
  const mean = (of: (said: Said) => number): number =>
    inside.reduce((sum, said) => sum + of(said), 0) / inside.length;
  return [inside.length, mean(({ confidence }) => confidence), mean(({ isRight }) => Number(isRight))];
}
