import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type OpenSupervisor, openSupervisor } from '../compose.ts';
import { overridesFrom } from '../config/environment.ts';
import type { Reporter } from '../glossary/reporter.ts';
import type { Settings } from '../glossary/settings.ts';
import type { Context } from './command.ts';
import { outlivesTerminal } from './hang-up.ts';
import { jsonReporter } from './json-lines.ts';
import { requireSettings } from './settings.ts';
import { SECOND_REQUEST, stopRequests } from './stop-requests.ts';
import { terminalReporter } from './terminal.ts';

/**
 * Opens this workspace's supervisor, does the work, and closes it again, whatever happens in between. The first SIGTERM,
 * SIGINT or SIGHUP asks for an orderly end (`stopped` resolves); a second one ends the process at once. Under `nohup` a
 * SIGHUP does nothing.
 */
export async function supervised<T>(
  context: Context,
  iterations: number | null,
  work: (opened: OpenSupervisor, settings: Settings, stopped: Promise<void>) => Promise<T>,
): Promise<T> {
  const settings = await requireSettings(context);
  const overrides = overridesFrom(context.env);
  const reporter = reporterFor(context, settings);
  const opened = await openSupervisor(settings, { reporter, iterations, overrides });
  const signals = stopSignals(context, reporter, opened);
  try {
    return await work(opened, settings, signals.stopped);
  } finally {
    await opened.close();
    signals.forget();
  }
}

function reporterFor(context: Context, settings: Settings): Reporter {
  const { stdout, stderr, env } = context;
  if (context.json) return jsonReporter(context);
  const names = settings.modules.map(({ name }) => name);
  const hasLog = (module: string): boolean => existsSync(join(settings.root, 'logs', `${module}.log`));
  return terminalReporter({ stdout, stderr, env, names, hasLog });
}

function stopSignals(
  context: Context,
  reporter: Reporter,
  { supervisor }: OpenSupervisor,
): { stopped: Promise<void>; forget(): void } {
  const { promise: stopped, resolve } = Promise.withResolvers<void>();
  const wrapped = isWrapped(context.env);
  const requestOf = stopRequests(wrapped);
  let asked = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    const request = requestOf(signal, performance.now());
    if (request === 'at once') {
      supervisor.kill();
      context.abort();
    } else if (request === 'orderly') {
      asked = true;
      reporter.info(`${signal}: ending what is running (once more ends it at once)`);
      void supervisor.stop().finally(resolve);
    }
  };
  const onHangUp = outlivesTerminal()
    ? () => reporter.info('SIGHUP: the terminal is gone; going on without it (nohup)')
    : onSignal;
  const listeners = {
    ...{ SIGTERM: onSignal, SIGINT: onSignal, SIGHUP: onHangUp },
    ...(wrapped ? { [SECOND_REQUEST]: onSignal } : {}),
  };
  for (const [name, listener] of Object.entries(listeners)) process.on(name, listener);
  const forget = (): void => {
    if (asked) return; // the same request may arrive once more, until the process has ended
    for (const [name, listener] of Object.entries(listeners)) process.off(name, listener);
  };
  return { stopped, forget };
}

/** Whether the wrapper of an older Node stands before this process and hands its signals on. */
function isWrapped(env: NodeJS.ProcessEnv): boolean {
  return env['WATCHKEEPER_WRAPPER'] === String(process.ppid);
}
