import { type OpenSupervisor, openSupervisor } from '../compose.ts';
import type { Reporter, Settings } from '../types.ts';
import type { Context } from './command.ts';
import { jsonReporter } from './json-lines.ts';
import { requireSettings } from './settings.ts';
import { terminalReporter } from './terminal.ts';

/**
 * Opens this workspace's supervisor, does the work, and closes it again, whatever happens in between. The first SIGTERM,
 * SIGINT or SIGHUP asks for an orderly end (`stopped` resolves); a second one ends the process at once.
 */
export async function supervised<T>(
  context: Context,
  iterations: number | null,
  work: (opened: OpenSupervisor, settings: Settings, stopped: Promise<void>) => Promise<T>,
): Promise<T> {
  const settings = await requireSettings(context);
  const reporter = reporterFor(context, settings);
  const opened = await openSupervisor(settings, { reporter, iterations });
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
  const names = settings.modules.map(({ name }) => name);
  return context.json ? jsonReporter(context) : terminalReporter({ stdout, stderr, env, names });
}

function stopSignals(
  context: Context,
  reporter: Reporter,
  { supervisor }: OpenSupervisor,
): { stopped: Promise<void>; forget(): void } {
  const { promise: stopped, resolve } = Promise.withResolvers<void>();
  let count = 0;
  const onSignal = (signal: NodeJS.Signals): void => {
    count += 1;
    if (count > 1) {
      supervisor.kill();
      context.abort();
    } else {
      reporter.info(`${signal}: ending what is running (once more ends it at once)`);
      void supervisor.stop().finally(resolve);
    }
  };
  const names = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
  for (const name of names) process.on(name, onSignal);
  return { stopped, forget: () => names.forEach(name => void process.off(name, onSignal)) };
}
