import type { Sample } from '../glossary/sample.ts';
import type { CpuTime, Reading, Transfer } from './reading.ts';

export type Value = Pick<Sample, 'metric' | 'labels' | 'value'>;

/**
 * The metrics of the machine at the second of two readings. Shares and rates are between the two; without a first one, after a gap
 * longer than `longestGapMs` (the supervisor was stopped, the machine asleep), and where a counter has gone back (it has wrapped, a
 * device has come anew) they are left out, as is everything that was not there to be read.
 */
export function valuesOf(before: Reading | null, now: Reading, longestGapMs: number): Value[] {
  const between = before === null ? null : comparable(before, now, longestGapMs);
  const values: [metric: string, value: number | null | undefined, labels?: Record<string, string>][] = [
    ['cpuPercent', busyPercent(between?.cpu, now.cpu)],
    ...[...now.cores].map(([core, time]) => coreValue(core, between?.cores.get(core), time)),
    ['load1', now.load?.[0]],
    ['load5', now.load?.[1]],
    ['load15', now.load?.[2]],
    ['memoryUsedMb', now.memory?.usedMb],
    ['memoryAvailableMb', now.memory?.availableMb],
    ['swapUsedMb', now.memory?.swapUsedMb],
    ['diskFreeMb', now.fileSystem?.freeMb],
    ['diskUsedPercent', now.fileSystem?.usedPercent],
    ...transferValues(['diskReadMbPerSecond', 'diskWrittenMbPerSecond'], rates(between, now, 'disks')),
    ...transferValues(
      ['networkReceivedMbPerSecond', 'networkSentMbPerSecond'],
      rates(between, now, 'interfaces'),
    ),
  ];
  return values.flatMap(([metric, value, labels = {}]) =>
    typeof value === 'number' && Number.isFinite(value) ? [{ metric, labels, value }] : [],
  );
}

function comparable(before: Reading, now: Reading, longestGapMs: number): Reading | null {
  const gapMs = now.monotonicMs - before.monotonicMs;
  return gapMs > 0 && gapMs <= longestGapMs ? before : null;
}

function coreValue(
  core: string,
  before: CpuTime | undefined,
  now: CpuTime,
): [string, number | null, Record<string, string>] {
  return ['cpuPercent', busyPercent(before, now), { core }];
}

/** 0 to 100. */
function busyPercent(before: CpuTime | null | undefined, now: CpuTime | null): number | null {
  if (before === null || before === undefined || now === null) return null;
  const all = now.all - before.all;
  const busy = now.busy - before.busy;
  return all > 0 && busy >= 0 && busy <= all ? (busy / all) * 100 : null;
}

type Rates = { in: number; out: number } | null;

function transferValues([read, written]: [string, string], found: Rates): [string, number | undefined][] {
  return [
    [read, found?.in],
    [written, found?.out],
  ];
}

/** MB a second over all devices that are in both readings; one that has come or gone in between has no rate. */
function rates(before: Reading | null, now: Reading, what: 'disks' | 'interfaces'): Rates {
  if (before === null) return null;
  const seconds = (now.monotonicMs - before.monotonicMs) / 1000;
  const moved = [...now[what]].flatMap(([name, transfer]) => {
    const earlier = before[what].get(name);
    return earlier === undefined ? [] : [difference(earlier, transfer)];
  });
  if (moved.length === 0 || moved.some(each => each.in < 0 || each.out < 0)) return null;
  const perSecond = (bytes: number[]): number => bytes.reduce((sum, each) => sum + each, 0) / 1e6 / seconds;
  return { in: perSecond(moved.map(each => each.in)), out: perSecond(moved.map(each => each.out)) };
}

function difference(before: Transfer, now: Transfer): Transfer {
  return { in: now.in - before.in, out: now.out - before.out };
}
