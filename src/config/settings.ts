import { resolve } from 'node:path';
import type { DetectionSettings, RulePart } from '../glossary/detection-settings.ts';
import type {
  Command,
  ModuleSettings,
  Schedule,
  ServiceSettings,
  Settings,
  Stage,
} from '../glossary/settings.ts';
import { argvOf } from './argv.ts';
import { DETECTION_DEFAULTS } from './detection-defaults.ts';
import type { GivenSchedule } from './schedule.ts';
import type { Given } from './schema.ts';

type GivenModule = Given['modules'][string];
type GivenService = Given['services'][string];
type GivenDetection = Given['detection'];

/** The checked file as the rest of the program knows it: everything filled in, resolved and named by its unit. */
export function toSettings(root: string, given: Given): Settings {
  const workspace = resolve(root);
  return {
    root: workspace,
    timezone: given.timezone,
    runAtStart: given.runAtStart,
    modules: Object.entries(given.modules).map(([name, module]) => toModule(workspace, given, name, module)),
    services: Object.entries(given.services).map(([name, service]) => toService(workspace, name, service)),
    detection: toDetection(given.detection),
    historyRuns: given.history.runs,
    keepMs: given.history.keep,
    samplesMs: given.history.samples,
    git: {
      enabled: given.git.enabled,
      commitOn: [...new Set(given.git.commitOn)],
      okEveryMs: given.git.okEvery,
      ref: given.git.ref,
    },
    stages: given.stages === undefined ? DEFAULT_STAGES.map(stage => ({ ...stage })) : toStages(given.stages),
    logs: { maxBytes: given.logs.maxSize, files: given.logs.files },
    system: { enabled: given.system.enabled, everyMs: given.system.every },
    intake: { socket: given.intake.socket, flushMs: given.intake.flush },
  };
}

function toCommand(root: string, name: string, given: GivenModule | GivenService): Command {
  return {
    name,
    argv: argvOf(given.command, given.shell),
    shell: given.shell,
    cwd: resolve(root, given.cwd),
    env: Object.fromEntries(Object.entries(given.env).map(([variable, value]) => [variable, String(value)])),
    passEnv: [...new Set(given.passEnv)],
    killGraceMs: given.killGrace,
  };
}

function toModule(root: string, given: Given, name: string, module: GivenModule): ModuleSettings {
  return {
    ...toCommand(root, name, module),
    schedule: toSchedule(scheduleOf(given, module), given.timezone),
    after: [...new Set(module.after)],
    timeoutMs: module.timeout ?? null,
    retries: module.retries,
    retryDelayMs: module.retryDelay,
    watch: [...new Set(module.watch)],
  };
}

/** The module's own schedule, else the one at the top; what comes after others has only its own. */
function scheduleOf(given: Given, module: GivenModule): GivenSchedule {
  if (module.schedule !== undefined) return module.schedule;
  return module.after.length > 0 ? null : (given.schedule ?? null);
}

function toSchedule(given: GivenSchedule, timezone: string): Schedule | null {
  return given?.kind === 'cron' ? { ...given, timezone } : given;
}

function toService(root: string, name: string, service: GivenService): ServiceSettings {
  const { health } = service;
  return {
    ...toCommand(root, name, service),
    health:
      health === undefined
        ? null
        : { url: health.http, everyMs: health.every, timeoutMs: health.timeout, failures: health.failures },
    restartDelayMs: service.restartDelay,
    maxRestartDelayMs: service.maxRestartDelay,
  };
}

function toDetection(given: GivenDetection): DetectionSettings {
  return {
    thresholdPercent: given.threshold,
    window: given.window,
    recoveryRuns: given.recoveryRuns,
    baseline: given.baseline,
    floors: { ...DETECTION_DEFAULTS.floors, ...given.floors },
    changes: given.changes,
    period: given.period,
    contamination: given.contamination,
    modelUpdateInterval: given.modelUpdateInterval,
    lstm: given.lstm,
    seed: given.seed,
    modules: mapValues(given.modules, ({ floors, metrics, ...module }) => ({
      ...toRulePart(module),
      floors,
      metrics: mapValues(metrics, toRulePart),
    })),
  };
}

type GivenRule = { [Key in 'window' | 'recoveryRuns' | 'floor']?: number | undefined } & {
  baseline?: RulePart['baseline'] | undefined;
  threshold?: number | undefined;
  judge?: boolean | undefined;
};

/** Only what is given: an absent part leaves the word to the next wider rule. */
function toRulePart({ threshold, ...given }: GivenRule): RulePart {
  const part = { thresholdPercent: threshold, ...given };
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined));
}

function mapValues<From, To>(record: Record<string, From>, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

const DAY_MS = 86_400_000;

const DEFAULT_STAGES: readonly Stage[] = [
  { name: 'warm-up', until: 'baseline' },
  { name: 'baseline', until: DAY_MS },
  { name: '24-hour operation', until: 7 * DAY_MS },
  { name: 'long-term stability', until: null },
];

function toStages(given: NonNullable<Given['stages']>): Stage[] {
  return given.map(({ name, until }) => ({ name, until: until ?? null }));
}
