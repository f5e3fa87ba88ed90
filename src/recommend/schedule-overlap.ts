import { durationText } from '../duration-text.ts';
import type { Schedule } from '../glossary/settings.ts';
import { nextSlot } from '../plan/slot.ts';
import { quantile } from '../stats/quantile.ts';
import { percentText, secondsText, usualDuration } from './durations.ts';
import type { Change } from './finding.ts';
import { perModule } from './module.ts';
import { evidenceOf, tasksOf } from './runs.ts';

const MIN_TASKS = 20;
const MIN_LATE = 5;
const MIN_SHARE = 0.1;
/** Slots in a zone are not free to work out: so many of the newest runs are looked at. */
const MOST_TASKS = 300;
/** Room that is left between the end of a usual long run and the next slot. */
const ROOM = 1.25;

/** A module that is often still running, retries included, when it is due again: every such slot is missed. */
export const scheduleOverlap = perModule(({ name, settings, runs, misses }) => {
  const { schedule } = settings;
  if (schedule === null) return [];
  const tasks = tasksOf(runs)
    .filter(({ attempts }) => attempts[0]?.trigger === 'schedule')
    .slice(-MOST_TASKS);
  const late = tasks.filter(({ startMs, endMs }) => (nextSlot(schedule, startMs) ?? endMs) < endMs).length;
  const seconds = tasks.map(({ startMs, endMs }) => (endMs - startMs) / 1000);
  const [median, p95] = [quantile(seconds, 0.5), quantile(seconds, 0.95)];
  if (median === null || p95 === null || tasks.length < MIN_TASKS) return [];
  if (late < MIN_LATE || late < MIN_SHARE * tasks.length) return [];
  const change = wider(name, schedule, p95 * 1000 * ROOM);
  return [
    {
      id: `${name}.schedule-overlap`,
      module: name,
      severity: 'warning',
      title:
        `${name} is often still running when it is due again: ${late} of ${tasks.length} times ` +
        `(${percentText(late / tasks.length)}), and that slot is missed`,
      advice:
        change === null
          ? `let it run less often: 95 % of the times it takes up to ${secondsText(p95)}, retries included`
          : `let it run ${change.to}: 95 % of the times it takes up to ${secondsText(p95)}, retries included`,
      evidence: {
        ...evidenceOf(
          tasks.flatMap(({ attempts }) => attempts),
          { medianSeconds: median, p95Seconds: p95, overlaps: late, missesEver: misses },
        ),
        count: tasks.length,
        of: 'scheduled starts',
      },
      change,
    },
  ];
});

/** A longer interval; of cron expressions only the simplest (`*` or `*` with a step, all other fields `*`) is made wider. */
function wider(module: string, schedule: Schedule, atLeastMs: number): Change | null {
  const path = ['modules', module, 'schedule'];
  if (schedule.kind === 'every') {
    const to = usualDuration(atLeastMs);
    return to && { path, from: `every ${durationText(schedule.intervalMs)}`, to: `every ${to.text}` };
  }
  const every = /^\*(?:\/\d+)?( \* \* \* \*)$/.exec(schedule.expression);
  const minutes = [2, 3, 4, 5, 6, 10, 12, 15, 20, 30].find(each => each * 60_000 >= atLeastMs);
  if (every === null || minutes === undefined) return null;
  return { path, from: schedule.expression, to: `*/${minutes}${every[1]}` };
}
