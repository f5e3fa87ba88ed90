import { perModule } from './module.ts';
import { evidenceOf, type Task, tasksOf } from './runs.ts';

const MIN_RETRIED = 10;
/** Failures in a row have one cause: so many separate times it must have failed. */
const MIN_EPISODES = 5;

/** Retries that never once made a success of a failure: they cost time and hide nothing. */
export const retriesUseless = perModule(({ name, settings, runs }) => {
  if (settings.retries === 0) return [];
  const tasks = tasksOf(runs);
  const retried = tasks.filter(({ attempts }) => attempts.length > 1);
  const helped = retried.filter(({ succeeded }) => succeeded).length;
  if (helped > 0 || retried.length < MIN_RETRIED || episodes(tasks) < MIN_EPISODES) return [];
  const attempts = retried.flatMap(task => task.attempts);
  const wasted = attempts.filter(({ attempt }) => attempt > 1);
  const wastedSeconds = wasted.reduce((sum, { runtimeSeconds }) => sum + (runtimeSeconds ?? 0), 0);
  return [
    {
      id: `${name}.retries-useless`,
      module: name,
      severity: 'info',
      title: `retries have never helped ${name}: it failed ${retried.length} times, and none of the ${wasted.length} further attempts succeeded`,
      advice: 'set retries to 0; what fails it is not over within the time of a retry',
      evidence: evidenceOf(attempts, {
        failures: retried.length,
        episodes: episodes(tasks),
        furtherAttempts: wasted.length,
        helped,
        wastedSeconds,
      }),
      change: { path: ['modules', name, 'retries'], from: settings.retries, to: 0 },
    },
  ];
});

/** How often it began to fail after a success. */
function episodes(tasks: readonly Task[]): number {
  return tasks.filter(({ succeeded }, index) => !succeeded && tasks[index - 1]?.succeeded === true).length;
}
