import type { ModuleSettings, Schedule } from '../../src/glossary/settings.ts';

export const MINUTELY: Schedule = { kind: 'cron', expression: '* * * * *', timezone: 'UTC' };

/** A module with nothing but its place in the plan. */
export function moduleOf(
  name: string,
  after: string[] = [],
  schedule: Schedule | null = null,
): ModuleSettings {
  return {
    name,
    after,
    schedule,
    argv: ['true'],
    shell: false,
    cwd: '/',
    env: {},
    passEnv: [],
    killGraceMs: 5_000,
    timeoutMs: null,
    retries: 0,
    retryDelayMs: 1_000,
    watch: [],
  };
}
