import pico from 'picocolors';
import type { LogEvent } from '../glossary/event.ts';
import type { IterationSummary } from '../glossary/iteration.ts';
import type { Reporter } from '../glossary/reporter.ts';
import type { Outcome, Run } from '../glossary/run.ts';
import { outcomeText } from '../summary.ts';
import { deviation, furtherCells, isGoodNews, judgedDeviation, metricColumns, timeOfDay } from './format.ts';
import { plain } from './plain.ts';

type Colors = ReturnType<typeof pico.createColors>;

/** Something that takes text: standard output, standard error, or a test's. */
export interface TextStream {
  /** @param done called once the text is written, or cannot be; a stream that never asks to wait need not call it */
  write(text: string | Uint8Array, done?: () => void): unknown;
  /** Whether more was written than was taken so far. */
  writableNeedDrain?: boolean | undefined;
  /** Whether its reader went away: nothing is taken any more. */
  isGone?: boolean | undefined;
  isTTY?: boolean | undefined;
  /** Width of a terminal, in characters. */
  columns?: number | undefined;
}

export interface TerminalOptions {
  stdout: TextStream;
  stderr: TextStream;
  env: NodeJS.ProcessEnv;
  /** The names that the first column must have room for. */
  names: string[];
  /** Whether a module has a log: one that never said a word has none. */
  hasLog(module: string): boolean;
}

const OUTCOME_WIDTH = 9;
const METRIC_WIDTHS = [8, 6, 8, 7];

/** The supervisor's lines for a person: one a run, one an iteration, and what else there is to say. */
export function terminalReporter({ stdout, stderr, env, names, hasLog }: TerminalOptions): Reporter {
  const out = colorsFor(stdout, env);
  const err = colorsFor(stderr, env);
  const width = Math.max(12, ...names.map(name => name.length));
  const now = (): string => timeOfDay(new Date().toISOString());
  return {
    runEnded: (run, events) =>
      void stdout.write(`${runLine(run, events, width, out)}${logHint(run, hasLog, out)}\n`),
    iterationEnded: summary => void stdout.write(`${iterationLine(summary, out)}\n`),
    info: message => void stderr.write(`${err.dim(now())}  ${plain(message)}\n`),
    warn: message => void stderr.write(`${err.dim(now())}  ${err.yellow('warning:')} ${plain(message)}\n`),
  };
}

/**
 * Colours where a person looks at a terminal and has not said otherwise (`NO_COLOR`, `TERM=dumb`); `FORCE_COLOR` asks for them.
 * An empty variable is as one that is not set.
 */
export function colorsFor(stream: TextStream, env: NodeJS.ProcessEnv): Colors {
  const forced = !['', '0'].includes(env['FORCE_COLOR'] ?? '');
  const refused = (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  return pico.createColors(!refused && (forced || stream.isTTY === true));
}

function runLine(run: Run, events: LogEvent[], width: number, colors: Colors): string {
  const columns = metricColumns(run).map((cell, index) => cell.padStart(METRIC_WIDTHS[index] ?? 0));
  const cells = [
    colors.dim(timeOfDay(run.endedAt)),
    run.module.padEnd(width),
    outcomeColor(run.outcome, colors)(outcomeText(run).padEnd(OUTCOME_WIDTH)),
    run.outcome === 'skipped' ? '' : columns.join('  '),
    ...furtherCells(run).map(cell => colors.dim(cell)),
    marks(events, colors),
    run.attempt > 1 ? colors.dim(`attempt ${run.attempt}`) : '',
    run.reason === null ? '' : colors.dim(run.reason),
  ];
  return cells.filter(cell => cell !== '').join('  ');
}

/** Where to read on after a failure. */
function logHint(run: Run, hasLog: (module: string) => boolean, colors: Colors): string {
  const isOwnFailure = run.outcome === 'error' && run.exitCode !== null;
  return isOwnFailure && hasLog(run.module) ? colors.dim(`: see logs/${run.module}.log`) : '';
}

function marks(events: LogEvent[], colors: Colors): string {
  return events
    .map(event => {
      if (event.event === 'recovered') return colors.green(`✓ ${deviation(event)} recovered`);
      if (event.event === 'persisted') return colors.magenta(`= ${deviation(event)} persisted`);
      if (event.event === 'change') return colors.yellow(`~ ${deviation(event)} ${event.kind}`);
      return colors.red(`! ${judgedDeviation(event)}`);
    })
    .join('  ');
}

function iterationLine(summary: IterationSummary, colors: Colors): string {
  const isGood = summary.status !== 'error' && isGoodNews(summary.message);
  const color = isGood ? colors.green : colors.red;
  const commit = summary.commit === null ? '' : colors.dim(`  commit ${summary.commit}`);
  return `${colors.dim(timeOfDay(summary.endedAt))}  iteration ${summary.iteration}: ${color(summary.message)}${commit}`;
}

function outcomeColor(outcome: Outcome, colors: Colors): (text: string) => string {
  if (outcome === 'ok') return colors.green;
  return outcome === 'skipped' ? colors.dim : colors.red;
}
