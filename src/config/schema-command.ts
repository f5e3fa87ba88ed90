import * as z from 'zod';
import { MODULE_NAME } from '../metric-name.ts';
import { duration, durationOrZero, flag, form, integer, listOf, mapping, named, text } from './fields.ts';
import { ENV_NAME } from './names.ts';
import { parseSchedule, SCHEDULE_FORM } from './schedule.ts';

const ARGUMENT = form('must be text, a number, true or false');
const COMMAND = form(
  'must be a command line such as `node modules/collector.ts`, or a list of a program and its arguments',
);

const argument = z.union([z.string(), z.number(), z.boolean()], ARGUMENT);

const names = (accepted: string, pattern: RegExp) => {
  const must = form(`must be ${accepted}`);
  return z.string(must).regex(pattern, must);
};

/** When a module is due, for one module or for all. */
export const schedule = z
  .string(form(SCHEDULE_FORM))
  .transform((given, context) => {
    const parsed = parseSchedule(given);
    if (typeof parsed !== 'string') return parsed;
    context.addIssue({ code: 'custom', message: parsed });
    return z.NEVER;
  })
  .optional();

const url = z
  .string(form('must be a URL such as http://127.0.0.1:4010/health'))
  .refine(isHttp, form('must be a URL such as http://127.0.0.1:4010/health'));

function isHttp(given: string): boolean {
  return /^https?:\/\/\S+$/.test(given) && URL.canParse(given);
}

const command = {
  command: z
    .union([z.string(), z.array(argument, COMMAND)], COMMAND)
    .describe(
      'What to start. A text is split into program and arguments (quotes count, no shell); a list is taken as it is.',
    ),
  shell: flag()
    .default(false)
    .describe('true: the command, one text, is given to /bin/sh -c. Default: false.'),
  cwd: text('a folder inside of the workspace, such as "." or "modules"', 4_000)
    .default('.')
    .describe('Working directory, relative to the workspace and inside of it. Default: the workspace.'),
  env: named('a mapping of variables to text, such as { PORT: "4010" }', argument)
    .meta({ propertyNames: { pattern: ENV_NAME.source } })
    .default({})
    .describe(
      'Environment variables of the child. Numbers, true and false are taken as written. Default: none.',
    ),
  passEnv: listOf(
    'names of environment variables',
    names('the name of an environment variable, such as HOME', ENV_NAME),
    1_000,
  )
    .default([])
    .describe(
      "Variables that are handed on from the supervisor's own environment, beside a small default list. Default: none.",
    ),
  killGrace: durationOrZero()
    .prefault('5s')
    .describe('Time between SIGTERM and SIGKILL when the process tree is ended. Default: 5s.'),
};

export const moduleSchema = mapping('a mapping with at least a command', {
  ...command,
  schedule: schedule.describe(
    'When it is due: cron (5 or 6 fields), a nickname such as @hourly, "every 30s", or none. Default: without `after` the schedule at the top of the file, with `after` none.',
  ),
  after: listOf('module names, such as [collector]', names('the name of a module', MODULE_NAME), 1_000)
    .default([])
    .describe('Modules that must have succeeded before, in the same iteration. Default: none.'),
  timeout: duration(1)
    .optional()
    .describe(
      'Longest time of a run; then SIGTERM to the whole process tree, and SIGKILL after killGrace. Default: no limit.',
    ),
  retries: integer(0, 100)
    .default(0)
    .describe('Further attempts in the same iteration after a failure. Default: 0.'),
  retryDelay: durationOrZero()
    .prefault('1s')
    .describe('Time before the first further attempt, doubled with each one. Default: 1s.'),
  watch: listOf('globs such as "data/market/*.json"', text('a glob such as "data/market/*.json"'))
    .default([])
    .describe(
      'Globs relative to the workspace: a changed file starts an iteration with this module. Default: none.',
    ),
}).describe('A command that runs to its end.');

const health = mapping('a mapping with at least http, such as { http: "http://127.0.0.1:4010/health" }', {
  http: url.describe('URL that is asked with GET: a 2xx status means healthy.'),
  every: duration(100).prefault('10s').describe('Time between two checks. Default: 10s.'),
  timeout: duration(1).prefault('2s').describe('Longest time to wait for an answer. Default: 2s.'),
  failures: integer(1, 1_000)
    .default(3)
    .describe('So many failures in a row make the service unhealthy, and it is restarted. Default: 3.'),
});

export const serviceSchema = mapping('a mapping with at least a command', {
  ...command,
  health: health
    .optional()
    .describe('How to tell whether the service works. Default: it works while its process lives.'),
  restartDelay: duration(10)
    .prefault('1s')
    .describe('Time before the first restart, doubled with each restart in a row. Default: 1s.'),
  maxRestartDelay: duration(10).prefault('1m').describe('Longest time before a restart. Default: 1m.'),
}).describe('A command that is kept running.');
