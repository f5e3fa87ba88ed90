import { STEPS, type Step } from './closing-laps.ts';
import type { Row, Table } from './table.ts';

/** What closing an iteration took in a workspace of one size. */
export interface Closing {
  modules: number;
  /** In words: how many of them had run. */
  ran: string;
  steps: Record<Step, StepCost>;
}

export interface StepCost {
  ms: number;
  bareMs: number;
  changedBytes: number;
  writtenBytes: number;
}

/** Times differ by so much between two measurements of the same. */
const NOISE = 1.25;

/** Whether the time of each step grows faster than the bytes that have changed, from one size to the next. */
export function growthTable(closings: Closing[]): Table {
  const cases = Map.groupBy(closings, ({ ran }) => ran);
  const pairs = [...cases.values()].flatMap(ordered =>
    ordered.slice(1).map((larger, index) => [ordered[index] ?? larger, larger] as const),
  );
  return {
    title: 'How the cost of closing an iteration grows',
    subject: 'from one size to the next',
    columns: ['time x', 'changed bytes x', 'written bytes x'].map(name => ({ name, decimals: 2 })),
    rows: pairs.flatMap(([smaller, larger]) => STEPS.map(step => rowOf(smaller, larger, step))),
    notes: [`passes where the time grows by at most ${NOISE} times the factor of the changed bytes`],
  };
}

function rowOf(smaller: Closing, larger: Closing, step: Step): Row {
  const [before, after] = [smaller.steps[step], larger.steps[step]];
  const time = after.ms / before.ms;
  const changed = after.changedBytes / before.changedBytes;
  return {
    label: `${step}, ${larger.ran}: ${smaller.modules} to ${larger.modules} modules`,
    figures: [time, changed, after.writtenBytes / before.writtenBytes],
    goal: { text: `at most ${(NOISE * changed).toFixed(2)}`, met: time <= NOISE * changed },
  };
}
