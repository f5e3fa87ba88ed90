import * as z from 'zod';
import type { CommitStatus } from '../glossary/iteration.ts';
import { MODULE_NAME } from '../metric-name.ts';
import {
  duration,
  durationOrZero,
  flag,
  form,
  integer,
  listOf,
  mapping,
  named,
  size,
  TEN_YEARS_MS,
  text,
} from './fields.ts';
import { isBranchRef, isTimezone } from './names.ts';
import { moduleSchema, schedule, serviceSchema } from './schema-command.ts';
import { detectionSchema } from './schema-detection.ts';
import { intakeSchema, systemSchema } from './schema-samples.ts';

const STATUSES = [
  'ok',
  'recovered',
  'persisted',
  'anomaly',
  'error',
] as const satisfies readonly CommitStatus[];

const TIMEZONE = form('must be the IANA name of a time zone, such as UTC or Europe/Berlin');
const REF = form('must be `current`, or a whole branch ref such as refs/heads/watchkeeper');
const UNTIL = form('must be `baseline`, or a duration with its unit such as 24h or 7d');

const history = mapping('a mapping such as { runs: 100 }', {
  runs: integer(1, 10_000)
    .default(100)
    .describe('Runs per module that are kept in performance.json. Default: 100.'),
  keep: duration(3_600_000, TEN_YEARS_MS)
    .prefault('400d')
    .describe(
      'How long runs are kept in the store; hourly and daily roll-ups are kept for ever. Default: 400d.',
    ),
  samples: duration(60_000, TEN_YEARS_MS)
    .prefault('1h')
    .describe(
      'How long single values of system and custom metrics are kept in the store; then their roll-ups. Default: 1h.',
    ),
});

const git = mapping('a mapping such as { enabled: true }', {
  enabled: flag().default(true).describe('Whether the log is committed to git. Default: true.'),
  commitOn: listOf(
    `the kinds ${STATUSES.join(', ')}`,
    z.enum(STATUSES, form(`must be one of ${STATUSES.join(', ')}`)),
  )
    .default(['ok', 'recovered', 'persisted'])
    .describe('Which iterations are committed. Default: [ok, recovered, persisted].'),
  okEvery: durationOrZero(TEN_YEARS_MS)
    .prefault(0)
    .describe('At most one commit of the kind ok in this time; 0: each. Default: 0.'),
  ref: z
    .string(REF)
    .refine(ref => ref === 'current' || isBranchRef(ref), REF)
    .default('current')
    .describe(
      'Where the commits go: `current`, the branch that is checked out, or refs/heads/NAME, any other one. Default: current.',
    ),
});

const stage = mapping('a mapping such as { name: trial, until: 24h }', {
  name: text('a name of at most 60 characters', 60).describe('What status.json shows as roadmapStage.'),
  until: z
    .union([z.literal('baseline'), duration(1, TEN_YEARS_MS)], UNTIL)
    .optional()
    .describe(
      '`baseline` (every module has a full one), or the time in operation at which it ends. The last stage has none.',
    ),
});

const logs = mapping('a mapping such as { maxSize: 10MB, files: 5 }', {
  maxSize: size(1_000, 100e9, 'from 1kB to 100GB')
    .prefault('10MB')
    .describe('Size at which a log file is rotated. MB is 10^6 bytes. Default: 10MB.'),
  files: integer(1, 100)
    .default(5)
    .describe('Rotated files that are kept for each module and service. Default: 5.'),
});

/** `watchkeeper.yaml`, each key by itself. What concerns several keys at once is checked in checks/. */
export const settingsSchema = mapping(
  'a mapping such as `modules: {collector: {command: node collector.ts}}`',
  {
    schedule: schedule.describe(
      'When modules without a schedule of their own and without `after` are due: cron (5 or 6 fields), a nickname such as @hourly, "every 30s", or none. Default: none.',
    ),
    timezone: z
      .string(TIMEZONE)
      .refine(isTimezone, TIMEZONE)
      .default('UTC')
      .describe('Time zone of all cron schedules, an IANA name. Default: UTC.'),
    runAtStart: flag()
      .default(true)
      .describe('Whether every module is due once when the supervisor starts. Default: true.'),
    modules: named(
      'a mapping of names to modules, such as {collector: {command: node collector.ts}}',
      moduleSchema,
    )
      .meta({ propertyNames: { pattern: MODULE_NAME.source } })
      .default({})
      .describe('Commands that run to their end, by name. Default: none.'),
    services: named('a mapping of names to services', serviceSchema)
      .meta({ propertyNames: { pattern: MODULE_NAME.source } })
      .default({})
      .describe('Commands that are kept running, by name. Default: none.'),
    detection: detectionSchema.prefault({}).describe('When a metric of a run is an anomaly.'),
    history: history.prefault({}).describe('How much is kept.'),
    git: git.prefault({}).describe('How the log is committed to git.'),
    stages: listOf('stages', stage, 20)
      .min(1, form('must have at least one stage'))
      .optional()
      .describe(
        'Stages of operation, in order. Default: warm-up until baseline, baseline until 24h, 24-hour operation until 7d, long-term stability.',
      ),
    logs: logs.prefault({}).describe('How the output of modules and services is kept.'),
    system: systemSchema.prefault({}).describe("The machine's own metrics."),
    intake: intakeSchema.prefault({}).describe('Metrics that services and programs report.'),
  },
).describe('Settings of a Watchkeeper workspace.');

/** The file as it is after the schema: defaults filled in, durations in milliseconds. */
export type Given = z.output<typeof settingsSchema>;
