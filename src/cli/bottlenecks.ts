import type { ModuleTotals } from '../bottlenecks.ts';
import { EXIT } from '../errors.ts';
import { given } from '../given.ts';
import { type BottlenecksAnswer, bottlenecks as bottlenecksIn } from '../questions/bottlenecks.ts';
import type { CliCommand } from './command.ts';
import { NONE, seconds } from './format.ts';
import { momentOption } from './moment.ts';
import { optional } from './optional.ts';
import { shown } from './shown.ts';
import { table } from './table.ts';

/** What costs most, fails most, deviates most. */
export const bottlenecks: CliCommand = (context, _args, options) => {
  const { since } = options as { since?: string };
  const nowMs = Date.now();
  const question = given({ sinceMs: optional(since, text => momentOption('--since', text, nowMs)) });
  return shown(context, store => ({ answer: bottlenecksIn(store, question, nowMs), lines, exit: EXIT.done }));
};

function lines(answer: BottlenecksAnswer, width: number): string[] {
  const since = `${answer.since.slice(0, 16)}Z`;
  if (answer.modules.length === 0) return [`no runs since ${since}`];
  const place = new Map(answer.runtimeSeconds.map(({ module }, index) => [module, index]));
  const last = answer.modules.length;
  const modules = answer.modules.toSorted(
    (a, b) => (place.get(a.module) ?? last) - (place.get(b.module) ?? last),
  );
  const head = ['module', 'runs', ...COLUMNS.map(({ title }) => title)];
  const rows = modules.map(totals => rowOf(answer, totals));
  return [`since ${since}`, '', ...table([head, ...rows], 1, width), '', ...firstLines(answer)];
}

/** What is ranked, each in its column. */
const COLUMNS = [
  { title: 'runtime', of: 'runtimeSeconds', show: seconds },
  { title: 'CPU', of: 'cpuSeconds', show: seconds },
  { title: 'failed', of: 'failures', show: String },
  { title: 'lost in failures', of: 'failedSeconds', show: seconds },
  { title: 'deviating runs', of: 'deviations', show: String },
] as const;

function rowOf(answer: BottlenecksAnswer, { module, runs }: ModuleTotals): string[] {
  const cells = COLUMNS.map(({ of, show }) => {
    const found = answer[of].find(each => each.module === module);
    return found === undefined ? NONE : `${show(found.amount)} (${Math.round(found.share * 100)} %)`;
  });
  return [module, String(runs), ...cells];
}

const FIRSTS = [
  ['costs most time', 'runtimeSeconds'],
  ['costs most CPU', 'cpuSeconds'],
  ['fails most', 'failures'],
  ['deviates most', 'deviations'],
] as const;

function firstLines(answer: BottlenecksAnswer): string[] {
  return FIRSTS.flatMap(([what, of]) => {
    const first = answer[of][0];
    return first === undefined ? [] : [`${what}: ${first.module}`];
  });
}
