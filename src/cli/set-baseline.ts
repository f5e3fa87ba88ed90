import { join } from 'node:path';
import type { KeptBaseline } from '../baseline/kept.ts';
import { EXIT, WatchkeeperError } from '../errors.ts';
import { type BaselineRequest, baselinesFor } from '../questions/set-baseline.ts';
import { openToAmend } from '../store/amend.ts';
import { STORE_FILE } from '../store/open-to-read.ts';
import { baselineLines } from './baselines.ts';
import type { CliCommand } from './command.ts';
import { countOption } from './duration.ts';
import { momentOption } from './moment.ts';
import { numberOption } from './number-option.ts';
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
  return shown(context, store => {
    const made = baselinesFor(store, request, nowMs);
    keep(context.root, made);
    return { answer: made, lines: baselineLines, exit: EXIT.done };
  });
};

function keep(root: string, baselines: readonly KeptBaseline[]): void {
  const amend = openToAmend(join(root, 'data', STORE_FILE));
  try {
    amend.setBaselines(baselines);
  } finally {
    amend.close();
  }
}

function requestOf(module: string, options: Options, nowMs: number): BaselineRequest {
  const { fromRuns, from, to, metric } = options;
  return {
    module,
    given: givenOf(options),
    ...(fromRuns === undefined ? {} : { runs: countOption('--from-runs', fromRuns) }),
    ...(from === undefined ? {} : { fromMs: momentOption('--from', from, nowMs) }),
    ...(to === undefined ? {} : { toMs: momentOption('--to', to, nowMs) }),
    ...(metric === undefined ? {} : { metrics: metric.split(',').map(name => name.trim()) }),
  };
}

function givenOf({ runtime, cpu, memory, latency, value = [] }: Options): Record<string, number> {
  const base = {
    runtimeSeconds: ['--runtime', runtime],
    cpuPercent: ['--cpu', cpu],
    memoryMb: ['--memory', memory],
    apiLatencySeconds: ['--latency', latency],
  } as const;
  const own = Object.entries(base).flatMap(([metric, [option, text]]): [string, number][] =>
    text === undefined ? [] : [[metric, numberOption(option, text)]],
  );
  return Object.fromEntries([...own, ...value.map(named)]);
}

function named(text: string): [string, number] {
  const [, metric, number] = /^([A-Za-z_][A-Za-z0-9_.]{0,63})=(.+)$/.exec(text) ?? [];
  if (metric === undefined || number === undefined)
    throw new WatchkeeperError(
      'usage',
      `--value takes METRIC=NUMBER such as rowsCollected=1200, not '${text}'`,
    );
  return [metric, numberOption('--value', number)];
}
