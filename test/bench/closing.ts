import type { BenchOptions, BenchPart } from './bench-part.ts';
import { BareClosing } from './closing-bare.ts';
import { changedBytes, readContents, repositoryBytes } from './closing-bytes.ts';
import { type Closing, growthTable, type StepCost } from './closing-growth.ts';
import { type Lap, STEPS, type Step } from './closing-laps.ts';
import { type ClosingWorkspace, inClosingWorkspace } from './closing-workspace.ts';
import { median } from './samples.ts';
import type { Row, Table } from './table.ts';

interface Size {
  modules: number;
  runs: number;
  rounds: number;
}

const SIZES: Size[] = [
  { modules: 10, runs: 100, rounds: 11 },
  { modules: 100, runs: 100, rounds: 7 },
  { modules: 1000, runs: 100, rounds: 3 },
];
const QUICK_SIZES: Size[] = [
  { modules: 2, runs: 6, rounds: 1 },
  { modules: 4, runs: 6, rounds: 1 },
];

/** What it costs to record the runs of an iteration, to write the files and to commit them. */
export const closing: BenchPart = {
  name: 'closing',
  async measure(options) {
    const closings: Closing[] = [];
    for (const size of options.quick ? QUICK_SIZES : SIZES) {
      options.progress(`${size.modules} modules with ${size.runs} runs each`);
      closings.push(...(await inClosingWorkspace(size, opened => measureSize(opened, size, options))));
    }
    return [tableOf(closings), growthTable(closings)];
  },
};

async function measureSize(
  opened: ClosingWorkspace,
  { rounds }: Size,
  { progress }: BenchOptions,
): Promise<Closing[]> {
  const cases = { 'one module ran': opened.modules.slice(0, 1), 'all modules ran': opened.modules };
  const closings: Closing[] = [];
  const bare = new BareClosing(opened.root);
  await bare.open();
  await opened.close(opened.modules); // everything is rendered for the first time
  for (const [ran, modules] of Object.entries(cases)) {
    progress(ran);
    closings.push({
      modules: opened.modules.length,
      ran,
      steps: await measureCase(opened, bare, modules, rounds),
    });
  }
  return closings;
}

/** Each round is followed by the bare one with the same bytes. The bytes are those of a first round, whose times are not kept. */
async function measureCase(
  opened: ClosingWorkspace,
  bare: BareClosing,
  ran: string[],
  rounds: number,
): Promise<Record<Step, StepCost>> {
  const changed = await changedBySteps(opened, ran);
  const laps: Record<Step, Lap>[] = [];
  const bareLaps: Record<Step, number>[] = [];
  while (laps.length < rounds) {
    const lap = await opened.close(ran);
    laps.push(lap);
    // One transaction for each run, and one for the end of the iteration.
    bareLaps.push(
      await bare.close(
        mapSteps(step => lap[step].writtenBytes),
        ran.length + 1,
      ),
    );
  }
  return mapSteps(step => ({
    ...changed[step],
    ms: median(laps.map(lap => lap[step].ms)),
    bareMs: median(bareLaps.map(lap => lap[step])),
  }));
}

async function changedBySteps(
  { root, close }: ClosingWorkspace,
  ran: string[],
): Promise<Record<Step, Pick<StepCost, 'changedBytes' | 'writtenBytes'>>> {
  const before = { contents: readContents(root), repository: repositoryBytes(root) };
  const laps = await close(ran);
  const after = readContents(root);
  const changed = (step: Step): number => changedBytes(`data/${step}`, before.contents, after);
  const files = STEPS.reduce((sum, step) => sum + changed(step), 0);
  return mapSteps(step => {
    if (step === 'store')
      return { changedBytes: laps.store.writtenBytes, writtenBytes: laps.store.writtenBytes };
    if (step !== 'git commit') return { changedBytes: changed(step), writtenBytes: laps[step].writtenBytes };
    return { changedBytes: files, writtenBytes: repositoryBytes(root) - before.repository };
  });
}

function mapSteps<T>(of: (step: Step) => T): Record<Step, T> {
  return Object.fromEntries(STEPS.map(step => [step, of(step)])) as Record<Step, T>;
}

function tableOf(closings: Closing[]): Table {
  return {
    title: 'Closing an iteration',
    subject: 'modules with 100 runs each',
    columns: [
      { name: 'median ms', decimals: 2 },
      { name: 'bare ms', decimals: 2 },
      { name: 'ratio', decimals: 2 },
      { name: 'changed kB', decimals: 1 },
      { name: 'written kB', decimals: 1 },
      { name: 'ms per changed MB', decimals: 1 },
      { name: 'ms per written MB', decimals: 1 },
    ],
    rows: closings.flatMap(({ modules, ran, steps }) =>
      STEPS.map(step => rowOf(`${modules}, ${ran}: ${step}`, steps[step])),
    ),
    notes: [
      'store: one durable transaction for each run and one for the iteration, the judging included; changed is what it wrote',
      'files: changed are the lines that were not there before; written is the whole file, where it is replaced',
      'git: changed are those lines of all three files; written are the new objects, compressed',
      'bare: the same bytes written and synced by plain Node (replaced with a rename where the product does), the same files by `git add` and `git commit`',
    ],
  };
}

function rowOf(label: string, { ms, bareMs, changedBytes: changed, writtenBytes }: StepCost): Row {
  const figures = [ms, bareMs, ms / bareMs, changed / 1e3, writtenBytes / 1e3];
  return { label, figures: [...figures, ms / (changed / 1e6), ms / (writtenBytes / 1e6)], goal: null };
}
