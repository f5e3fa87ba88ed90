import { ulid } from 'ulid';
import { openMailbox } from '../../../src/mailbox.ts';
import type { Command } from '../../helpers/supervisor.ts';
import { until } from '../../helpers/until.ts';
import type { FaultContext } from '../fault.ts';
import { type StartOptions, whileAlive } from '../program.ts';
import { countIterations, iterationsIn } from '../told.ts';
import { type Seen, stopped, type Trial, trial } from '../trial.ts';

/** A running supervisor that runs an iteration whenever it is asked to, and no other. */
export interface Running {
  supervisor: Command;
  /** One more iteration to its end; the short name of its commit, null where none was made. */
  iterate(): Promise<string | null>;
  /** Lines of standard error that match, so far. */
  said(pattern: RegExp): string[];
  /** The orderly end. */
  stop(): Promise<Seen>;
}

export interface TrialFiles {
  files?: Record<string, string>;
  /** Names of files outside `data/` and `logs/` that the row itself changes. */
  changing?: string[];
}

/** A workspace with one module that does nothing: what counts is the commit that follows. */
export function quiet(context: FaultContext, { files = {}, changing = [] }: TrialFiles = {}): Trial {
  return trial(context, { modules: { step: { command: 'true' } }, files, changing });
}

/** Starts the supervisor, and waits for the iteration that every start makes. */
export async function running(
  context: FaultContext,
  tried: Trial,
  options: StartOptions = {},
): Promise<Running> {
  const supervisor = context.start(tried.workspace.root, ['run', '--json'], options);
  const mailbox = openMailbox(tried.workspace.root);
  await whileAlive(supervisor, 'the first iteration has ended', () => countIterations(supervisor) > 0);
  return {
    supervisor,
    async iterate() {
      const before = countIterations(supervisor);
      mailbox.send({ id: ulid(), modules: [], wait: false });
      await whileAlive(supervisor, 'one more has ended', () => countIterations(supervisor) > before);
      return iterationsIn(supervisor.stdout())[before]?.commit ?? null;
    },
    said: pattern => linesLike(supervisor, pattern),
    stop: () => stopped(supervisor, tried),
  };
}

export const STOPPED = /^warning: Not committing: /;
export const RESUMED = /^Committing again /;

/** Waits for it: what is said on one stream and what on the other do not arrive together. Empty where it does not come. */
export async function heard({ said }: Running, pattern: RegExp, count: number): Promise<string[]> {
  await until('it is said', () => said(pattern).length >= count, 5_000).catch(() => undefined);
  return said(pattern);
}

function linesLike(supervisor: Command, pattern: RegExp): string[] {
  return supervisor
    .stderr()
    .split('\n')
    .filter(line => pattern.test(line));
}
