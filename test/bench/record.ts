import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { attempt } from '../../src/supervise/attempt.ts';
import type { Ports } from '../../src/supervise/ports.ts';
import type { BenchPart } from './bench-part.ts';
import { ALONE, openRealParts, type RealParts } from './real-parts.ts';
import { alternately, median, p95, timed } from './samples.ts';
import type { Row, Table } from './table.ts';
import { inWorkspace, NO_ANOMALIES } from './workspace.ts';

/** The existing schedulers that this was first compared with take 62 ms. */
const GOAL_MS = 10;

/** From the start of the shortest command there is until its run stands in the store, on the disk. */
export const record: BenchPart = {
  name: 'record',
  async measure({ quick, progress }) {
    const rounds = quick ? 5 : 300;
    progress(`${rounds} runs of /bin/true, bare and recorded`);
    return inWorkspace(`modules: { shortest: { command: /bin/true } }${NO_ANOMALIES}`, async ({ root }) => {
      const parts = await openRealParts(root);
      try {
        return [await measure(parts, rounds)];
      } finally {
        await parts.close();
      }
    });
  },
};

async function measure(parts: RealParts, rounds: number): Promise<Table> {
  const steps = new Steps();
  const ports = steps.inside(parts.ports);
  const [bare = [], recorded = []] = await alternately(
    [() => timed(bareSpawn), () => timed(() => recordedRun({ ...parts, ports }))],
    rounds,
    Math.min(20, rounds),
  );
  const base = median(bare);
  const more = median(recorded) - base;
  const rows: Row[] = [
    { label: 'bare spawn until exit', figures: [base, p95(bare), null, null], goal: null },
    {
      label: 'start to durable record',
      figures: [median(recorded), p95(recorded), more, median(recorded) / base],
      goal: { text: `at most ${GOAL_MS} ms more`, met: more <= GOAL_MS },
    },
    ...steps.rows(rounds),
  ];
  return {
    title: 'From the start of a run to its durable record',
    subject: '/bin/true',
    columns: ['median ms', 'p95 ms', 'more than bare ms', 'ratio'].map(name => ({ name, decimals: 2 })),
    rows,
    notes: [`${rounds} of each, taking turns in one process; the store and the log are in ${parts.data}`],
  };
}

async function bareSpawn(): Promise<void> {
  await once(spawn('/bin/true'), 'exit');
}

async function recordedRun({ ports, settings, module }: RealParts): Promise<void> {
  const task = { module, iteration: 1, trigger: 'schedule', revision: null } as const;
  const { run } = await attempt(ports, settings, task, 1, ALONE);
  if (run.outcome !== 'ok') throw new Error(`/bin/true: ${run.reason}`);
}

/** Where the time of one recorded run goes: a clock around each of the parts that it goes through. */
class Steps {
  readonly #samples = new Map<string, number[]>();

  inside(ports: Ports): Ports {
    const { history } = ports;
    return {
      ...ports,
      history: {
        ...history,
        beginRun: run => this.#take('of it: begin the run in the store', () => history.beginRun(run)),
        recordRun: (run, judgement) =>
          this.#take('of it: record the run in the store', () => history.recordRun(run, judgement)),
      },
      launch: (module, run) => {
        const launch = this.#take('of it: environment and log', () => ports.launch(module, run));
        const collect = (): Promise<Awaited<ReturnType<typeof launch.collect>>> =>
          this.#wait('of it: read what it reported', performance.now(), launch.collect());
        return { ...launch, collect };
      },
      runner: {
        start: spec => {
          const before = performance.now();
          const child = ports.runner.start(spec);
          const ended = this.#wait('of it: run, meter, write its log', before, child.ended);
          const { pid } = child;
          const memoryMb = (): number | null => child.memoryMb();
          return { pid, ended, memoryMb, stop: () => child.stop(), kill: () => child.kill() };
        },
      },
    };
  }

  /** The last so many samples of each step: those before were warming up. */
  rows(rounds: number): Row[] {
    return [...this.#samples].map(([label, all]) => {
      const samples = all.slice(-rounds);
      return { label, figures: [median(samples), p95(samples), null, null], goal: null };
    });
  }

  #take<T>(label: string, work: () => T): T {
    const before = performance.now();
    const result = work();
    this.#note(label, before);
    return result;
  }

  async #wait<T>(label: string, before: number, work: Promise<T>): Promise<T> {
    const result = await work;
    this.#note(label, before);
    return result;
  }

  #note(label: string, before: number): void {
    const samples = this.#samples.get(label) ?? [];
    samples.push(performance.now() - before);
    this.#samples.set(label, samples);
  }
}
