import { bench, benchCounts } from '../benching.ts';
import { EXIT, type ExitCode } from '../errors.ts';
import type { Benched, BenchPorts, BenchRequest } from '../trials/bench-request.ts';
import type { Trial } from '../trials/trial.ts';
import { benchLines } from './bench-lines.ts';
import type { CliCommand, Context } from './command.ts';
import { countOption, countOrNoneOption } from './duration.ts';
import { seconds } from './format.ts';
import { interruptible } from './interruptible.ts';
import { optional } from './optional.ts';
import { plain } from './plain.ts';
import { Progress } from './progress.ts';
import { requireSettings } from './settings.ts';
import { show } from './shown.ts';

interface Options {
  runs?: string;
  warmup?: string;
  suite?: string;
  failOnRegression?: boolean;
}

type Counts = ReturnType<typeof benchCounts>;

/** Runs a module again and again under the meter, and says what its metrics are. */
export const benchModule: CliCommand = async (context, [module = ''], options) => {
  const { failOnRegression = false, ...given } = options as Options;
  const request = { ...requestOf(given), module };
  const settings = await requireSettings(context);
  const benched = await interruptible(context, stop =>
    told(context, request, stop, ports => bench(context.root, settings, request, ports)),
  );
  return show(context, {
    answer: benched,
    lines: benchLines,
    exit: exitOf(benched, request, failOnRegression),
  });
};

function requestOf({ runs, warmup, suite }: Options): Omit<BenchRequest, 'module'> & Counts {
  const counts = benchCounts({
    runs: optional(runs, text => countOption('--runs', text)),
    warmup: optional(warmup, text => countOrNoneOption('--warmup', text)),
  });
  return { ...counts, suite: suite ?? null };
}

/** Tells of each run while they go on. */
async function told(
  { stderr, env }: Context,
  { module, runs, warmup }: BenchRequest & Counts,
  stop: AbortSignal,
  work: (ports: BenchPorts) => Promise<Benched>,
): Promise<Benched> {
  const progress = new Progress(stderr, () => performance.now());
  const tell = (message: string): void => {
    progress.end();
    stderr.write(`${plain(message)}\n`);
  };
  const onRun = (trial: Trial, number: number): void => {
    const which = number <= warmup ? `warm-up ${number} of ${warmup}` : `run ${number - warmup} of ${runs}`;
    if (trial.run.outcome !== 'ok') tell(failureText(module, which, trial));
    else progress.at(() => `${module}: ${which}, ${seconds(trial.run.runtimeSeconds)}`);
  };
  const benched = await work({ env, stop, warn: message => tell(`warning: ${message}`), onRun });
  progress.end();
  if (benched.isCut && !stop.aborted) tell(`${module}: given up, as one run after the other failed`);
  return benched;
}

function failureText(module: string, which: string, { run, output }: Trial): string {
  const lines = output.map(line => `  | ${line}`);
  return [`${module}: ${which} failed: ${run.reason ?? run.outcome}`, ...lines].join('\n');
}

function exitOf(
  { failed, regressions, isCut, kept }: Benched,
  { suite }: Pick<BenchRequest, 'suite'>,
  failOnRegression: boolean,
): ExitCode {
  if (failed.length > 0 || isCut) return EXIT.failed;
  if (suite !== null && kept === null) return EXIT.storage; // said already
  return failOnRegression && regressions > 0 ? EXIT.failed : EXIT.done;
}
