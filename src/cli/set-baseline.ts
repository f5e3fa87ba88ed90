import type { KeptBaseline } from '../baseline/kept.ts';
import { requireKnownModule } from '../config/known-modules.ts';
import { EXIT, WatchkeeperError } from '../errors.ts';
import { given } from '../given.ts';
import { type BaselineRequest, baselinesFor } from '../questions/set-baseline.ts';
import { amending } from '../store/amend.ts';
import { baselineLines } from './baselines.ts';
import type { CliCommand } from './command.ts';
import { countOption } from './duration.ts';
import { momentOption } from './moment.ts';
import { numberOption } from './number-option.ts';
import { optional } from './optional.ts';
import { shown } from './shown.ts';

interface Options {
  runtime?: string;
  cpu?: string;
  memory?: string;
  latency?: string;
  value?: string[];
  metric?: string;
  fromRuns?: string;
  from?: string;
  to?: string;
}

/** Keeps what is normal for a module's metrics: made of runs, or given. */
export const setBaseline: CliCommand = (context, [module = ''], options) => {
  const nowMs = Date.now();
  const request = requestOf(module, options as Options, nowMs);
  return shown(context, async store => {
    await requireKnownModule(context.root, store.moduleNames(), module);
    const made: KeptBaseline[] = baselinesFor(store, request, nowMs);
    amending(context.root, writes => writes.setBaselines(made));
    return { answer: made, lines: baselineLines, exit: EXIT.done };
  });
};

function requestOf(module: string, options: Options, nowMs: number): BaselineRequest {
  const { fromRuns, from, to, metric } = options;
  return {
    ...{ module, given: numbersOf(options) },
    ...given({
      runs: optional(fromRuns, text => countOption('--from-runs', text)),
      fromMs: optional(from, text => momentOption('--from', text, nowMs)),
      toMs: optional(to, text => momentOption('--to', text, nowMs)),
      metrics: optional(metric, text => text.split(',').map(name => name.trim())),
    }),
  };
}

function numbersOf({ runtime, cpu, memory, latency, value = [] }: Options): Record<string, number> {
  const own = given({
    runtimeSeconds: optional(runtime, text => numberOption('--runtime', text)),
    cpuPercent: optional(cpu, text => numberOption('--cpu', text)),
    memoryMb: optional(memory, text => numberOption('--memory', text)),
    apiLatencySeconds: optional(latency, text => numberOption('--latency', text)),
  });
  return Object.fromEntries([...Object.entries(own), ...value.map(named)]);
}

function named(text: string): [string, number] {
  const [, metric, number] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (metric === undefined || number === undefined)
    throw new WatchkeeperError(
      'usage',
      `--value takes METRIC=NUMBER such as rowsCollected=1200, not '${text}'`,
    );
  return [metric, numberOption('--value', number)];
}
