import type { BenchOptions } from './bench-part.ts';
import { type Load, type MeteredRun, meteredRun } from './metered-run.ts';
import { openRealParts, type RealParts } from './real-parts.ts';
import { median } from './samples.ts';
import type { Row, Table } from './table.ts';
import { inWorkspace, NO_ANOMALIES } from './workspace.ts';

/** One quantity of a run: where it stands in the record, and how far it may be off. */
export interface Quantity {
  title: string;
  unit: string;
  /** The unit in the load's own report, as a multiple of this one. */
  truthScale: number;
  recorded(metered: MeteredRun): number | null;
  sampled(metered: MeteredRun): number;
  atLeast: number;
  percent: number;
  notes: string[];
}

export interface RepeatedLoad extends Load {
  repeats: number;
}

/** Compares what is recorded of each load with what the load says of itself. */
export async function measureErrors(
  quantity: Quantity,
  loads: RepeatedLoad[],
  { progress }: BenchOptions,
): Promise<Table[]> {
  return inWorkspace(`modules: { load: { command: /bin/true } }${NO_ANOMALIES}`, async ({ root }) => {
    const parts = await openRealParts(root);
    try {
      const rows: Row[] = [];
      for (const load of loads) {
        progress(load.label);
        rows.push(rowOf(load.label, quantity, await repeated(parts, load)));
      }
      return [tableOf(quantity, rows)];
    } finally {
      await parts.close();
    }
  });
}

async function repeated(parts: RealParts, load: RepeatedLoad): Promise<MeteredRun[]> {
  const runs: MeteredRun[] = [];
  while (runs.length < load.repeats) runs.push(await meteredRun(parts, load));
  return runs;
}

function rowOf(label: string, quantity: Quantity, runs: MeteredRun[]): Row {
  const truths = runs.map(({ truth }) => truth * quantity.truthScale);
  const errors = runs.map((run, index) => (quantity.recorded(run) ?? Number.NaN) - (truths[index] ?? 0));
  const truth = median(truths);
  const worst = errors.reduce((far, error) => (Math.abs(error) > Math.abs(far) ? error : far), 0);
  const bound = Math.max(quantity.atLeast, (quantity.percent / 100) * truth);
  const sampled = median(runs.map(run => quantity.sampled(run)));
  const percentOf = (error: number): number => (100 * error) / truth;
  return {
    label,
    figures: [truth, median(errors), worst, percentOf(worst), sampled, percentOf(sampled - truth)],
    goal: {
      text: `within ${bound.toFixed(1)} ${quantity.unit}`,
      met: errors.every(error => Math.abs(error) <= bound),
    },
  };
}

function tableOf({ title, unit, atLeast, percent, notes }: Quantity, rows: Row[]): Table {
  return {
    title,
    subject: 'load',
    columns: [
      { name: `true ${unit}`, decimals: 1 },
      { name: `median error ${unit}`, decimals: 2 },
      { name: `worst error ${unit}`, decimals: 2 },
      { name: 'worst error %', decimals: 2 },
      { name: `seen once a second ${unit}`, decimals: 1 },
      { name: 'its error %', decimals: 1 },
    ],
    rows,
    notes: [
      `judged by the worst of a few runs; the bound is ${atLeast} ${unit} or ${percent} %, whichever is more`,
      'once a second: `pidusage` on the command of the same run, the last or largest of its samples; none of a short run',
      ...notes,
    ],
  };
}
