import { EXIT } from '../errors.ts';
import { type BottlenecksAnswer, bottlenecks as bottlenecksIn } from '../questions/bottlenecks.ts';
import type { CliCommand } from './command.ts';
import { NONE, seconds, table } from './format.ts';
import { momentOption } from './moment.ts';
import { shown } from './shown.ts';

/** What costs most, fails most, deviates most. */
export const bottlenecks: CliCommand = (context, _args, options) => {
  const { since } = options as { since?: string };
  const nowMs = Date.now();
  const question = since === undefined ? {} : { sinceMs: momentOption('--since', since, nowMs) };
  return shown(context, store => ({ answer: bottlenecksIn(store, question, nowMs), lines, exit: EXIT.done }));
};

function lines(answer: BottlenecksAnswer): string[] {
  const { modules, runtimeSeconds, cpuSeconds, failures, failedSeconds, deviations, since } = answer;
  if (modules.length === 0) return [`no runs since ${since}`];
  const part = (
    list: readonly { module: string; amount: number; share: number }[],
    module: string,
    show: (amount: number) => string,
  ): string => {
    const found = list.find(each => each.module === module);
    return found === undefined ? NONE : `${show(found.amount)} (${Math.round(found.share * 100)} %)`;
  };
  const order = new Map(runtimeSeconds.map(({ module }, index) => [module, index]));
  const rows = modules
    .toSorted((a, b) => (order.get(a.module) ?? modules.length) - (order.get(b.module) ?? modules.length))
    .map(({ module, runs }) => [
      ...[module, String(runs), part(runtimeSeconds, module, seconds), part(cpuSeconds, module, seconds)],
      ...[
        part(failures, module, String),
        part(failedSeconds, module, seconds),
        part(deviations, module, String),
      ],
    ]);
  const head = ['module', 'runs', 'runtime', 'CPU', 'failed', 'lost in failures', 'deviating runs'];
  const firsts = [
    ['costs most time', runtimeSeconds],
    ['costs most CPU', cpuSeconds],
    ['fails most', failures],
    ['deviates most', deviations],
  ] as const;
  const words = firsts.flatMap(([what, list]) =>
    list[0] === undefined ? [] : [`${what}: ${list[0].module}`],
  );
  return [`since ${since.slice(0, 16)}Z`, '', ...table([head, ...rows]), '', ...words];
}
