import type { Run } from '../glossary/run.ts';
import type { ModuleSettings } from '../glossary/settings.ts';
import { quantile } from '../stats/quantile.ts';
import { percentText, short } from './durations.ts';
import type { Facts } from './facts.ts';
import type { Advice, Change, Found } from './finding.ts';
import { evidenceOf, executed } from './runs.ts';

const MIN_STARTS = 30;
const TOGETHER_MS = 2_000;
const MIN_TOGETHER = 0.8;
/** CPU time a second, of one core: a run that waits more than it computes competes with nobody. */
const MIN_CPU_PERCENT = 50;
/** The runs of a group fill the machine when they use so much of it. */
const MIN_FULL = 0.9;
/** A run must be long enough to be in the way of another. */
const MIN_SECONDS = 1;

interface Busy {
  settings: ModuleSettings;
  runs: Run[];
  starts: number[];
  cpuPercent: number;
}

/** Modules that always start at the same moment, compute, and together want more CPUs than there are. */
export const startsTogether: Advice = facts => {
  const busy = facts.modules.flatMap(module => busyOf(facts, module.name, module.runs));
  const groups = new Map<string, Busy[]>();
  for (const each of busy) {
    const group = busy.filter(
      other => other === each || (areTogether(each, other) && areTogether(other, each)),
    );
    const key = group.map(({ settings }) => settings.name).join('+');
    const cpu = group.reduce((sum, { cpuPercent }) => sum + cpuPercent, 0);
    if (group.length > 1 && cpu >= MIN_FULL * 100 * facts.machine.cores) groups.set(key, group);
  }
  return [...groups.values()].flatMap(group => findingOf(group, facts));
};

function busyOf({ settings }: Facts, name: string, all: readonly Run[]): Busy[] {
  const module = settings.modules.find(each => each.name === name);
  const runs = executed(all).filter(({ trigger, attempt }) => trigger === 'schedule' && attempt === 1);
  const seconds = quantile(
    runs.flatMap(run => run.runtimeSeconds ?? []),
    0.5,
  );
  const cpuPercent = quantile(
    runs.flatMap(run => run.cpuPercent ?? []),
    0.5,
  );
  if (module === undefined || module.schedule === null || runs.length < MIN_STARTS) return [];
  if (seconds === null || seconds < MIN_SECONDS || cpuPercent === null || cpuPercent < MIN_CPU_PERCENT)
    return [];
  const starts = runs.map(({ startedAt }) => Date.parse(startedAt)).sort((a, b) => a - b);
  return [{ settings: module, runs, starts, cpuPercent }];
}

/** Whether nearly every start of `a`, of the time that is known of `b`, is one of `b` too. */
function areTogether(a: Busy, b: Busy): boolean {
  const since = (b.starts[0] ?? 0) - TOGETHER_MS;
  const starts = a.starts.filter(start => start >= since);
  const shared = starts.filter(start => isNear(b.starts, start)).length;
  return starts.length >= MIN_STARTS && shared >= MIN_TOGETHER * starts.length;
}

function isNear(sorted: readonly number[], time: number): boolean {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < time - TOGETHER_MS) low = middle + 1;
    else high = middle;
  }
  return (sorted[low] ?? Number.POSITIVE_INFINITY) <= time + TOGETHER_MS;
}

function findingOf(group: Busy[], { machine }: Facts): Found[] {
  const last = group.at(-1);
  if (last === undefined) return [];
  const names = group.map(({ settings }) => settings.name);
  const cpuPercent = group.reduce((sum, each) => sum + each.cpuPercent, 0);
  const change = shifted(last.settings);
  const aside =
    change === null
      ? `give ${last.settings.name} a cron schedule of its own, at another time, or let it run after the others`
      : `let ${last.settings.name} start at another time`;
  return [
    {
      id: `starts-together.${names.join('+')}`,
      module: last.settings.name,
      severity: 'info',
      title:
        `${names.join(' and ')} start together nearly every time and compete for ${machine.cores} CPU(s): ` +
        `they use ${percentText(cpuPercent / 100 / machine.cores)} of them`,
      advice: `${aside}: each would be done sooner, and its figures would vary less`,
      evidence: {
        ...evidenceOf(last.runs, { cores: machine.cores, cpuPercent: Number(short(cpuPercent)) }),
        of: 'starts',
      },
      change,
    },
  ];
}

/** A schedule of the simplest forms, moved by half its step: every so many minutes, or once an hour. */
function shifted({ name, schedule }: ModuleSettings): Change | null {
  if (schedule?.kind !== 'cron') return null;
  const path = ['modules', name, 'schedule'];
  const step = /^\*\/(\d+)( \* \* \* \*)$/.exec(schedule.expression);
  if (step !== null && Number(step[1]) >= 2)
    return {
      path,
      from: schedule.expression,
      to: `${Math.floor(Number(step[1]) / 2)}-59/${step[1]}${step[2]}`,
    };
  const hourly = /^(\d+)( .*)$/.exec(schedule.expression);
  if (hourly === null || schedule.expression.split(' ').length !== 5) return null;
  return { path, from: schedule.expression, to: `${(Number(hourly[1]) + 30) % 60}${hourly[2]}` };
}
