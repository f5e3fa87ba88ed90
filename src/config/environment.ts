import type * as z from 'zod';
import { WatchkeeperError } from '../errors.ts';
import type { IntakeSettings, Settings, SystemSettings } from '../glossary/settings.ts';
import { flag } from './fields.ts';
import { intakeFlush, systemEvery } from './schema-samples.ts';

/** What variables of the environment say instead of `watchkeeper.yaml`. */
export interface Overrides {
  system: Partial<SystemSettings>;
  intake: Partial<IntakeSettings>;
}

/**
 * The settings that the environment of a process sets, in the form that the file takes. A variable that is empty is not set.
 *
 * @throws WatchkeeperError 'usage' that names each variable with another form, and the accepted one
 */
export function overridesFrom(env: NodeJS.ProcessEnv): Overrides {
  const problems: string[] = [];
  const given = <Value>(name: string, schema: z.ZodType<Value>): Value | undefined => {
    const text = env[name];
    if (text === undefined || text === '') return undefined;
    const parsed = schema.safeParse(FLAGS.get(text) ?? text);
    if (parsed.success) return parsed.data;
    problems.push(`${name} ${parsed.error.issues[0]?.message}`);
    return undefined;
  };
  const overrides = {
    system: onlyGiven<SystemSettings>({
      enabled: given('WATCHKEEPER_SYSTEM_ENABLED', flag()),
      everyMs: given('WATCHKEEPER_SYSTEM_EVERY', systemEvery),
    }),
    intake: onlyGiven<IntakeSettings>({
      socket: given('WATCHKEEPER_INTAKE_SOCKET', flag()),
      flushMs: given('WATCHKEEPER_INTAKE_FLUSH', intakeFlush),
    }),
  };
  if (problems.length > 0) throw new WatchkeeperError('usage', problems.join('\n'));
  return overrides;
}

const FLAGS = new Map<string, boolean>([
  ['true', true],
  ['false', false],
]);

/** The parts of the settings that concern samples, with what the environment says in the place of the file's. */
export function overridden(
  settings: Settings,
  { system, intake }: Overrides,
): Pick<Settings, 'system' | 'intake'> {
  return { system: { ...settings.system, ...system }, intake: { ...settings.intake, ...intake } };
}

function onlyGiven<Group>(group: { [Key in keyof Group]: Group[Key] | undefined }): Partial<Group> {
  return Object.fromEntries(
    Object.entries(group).filter(([, value]) => value !== undefined),
  ) as Partial<Group>;
}
