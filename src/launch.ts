import { readdirSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { ChildSpec, OutputSink } from './glossary/child.ts';
import type { Clock } from './glossary/clock.ts';
import type { StartedRun } from './glossary/run.ts';
import type { Command, ModuleSettings, ServiceSettings } from './glossary/settings.ts';
import { fitsSocket } from './intake/short-path.ts';
import { childEnvironment } from './run/environment.ts';
import { hiddenValues, withoutHidden } from './run/hidden.ts';
import { type ModuleLog, openLog } from './run/log.ts';
import { nodeOptionsWithPreload } from './run/preload.ts';
import { readReportedMetrics } from './run/reported.ts';
import { ensureFolder } from './store/folders.ts';
import type { Launch } from './supervise/ports.ts';

/** The name of a report: the id of its run. */
const REPORT = /^[0-9A-Z]{26}\.jsonl$/;

type LogSize = { maxBytes: number; files: number };

export interface LauncherOptions {
  data: string;
  logs: string;
  clock: Clock;
  /** How large a log may grow, and how many older ones are kept. */
  logSize(): LogSize;
  /** Where children report metrics; null where they cannot. */
  socket(): string | null;
  env: NodeJS.ProcessEnv;
  /** For runs beside the supervisor's: what of theirs goes elsewhere than its own. */
  trial?: TrialOptions;
  warn(message: string): void;
}

export interface TrialOptions {
  /** Where running modules report, in the place of `data/runs`, which a supervisor sweeps. */
  reports: string;
  /** What every child is told beside: by it the supervisor leaves it alone. */
  env: Record<string, string>;
  /** Takes a run's output in the place of its log. */
  sink(hidden: readonly string[]): OutputSink;
}

/** Makes ready what a child is started with: its environment, its log, its metrics file. */
export class Launcher {
  readonly #options: LauncherOptions;
  readonly #logs = new Map<string, { log: ModuleLog; size: LogSize }>();
  /** Where running modules report, `RUN.jsonl`: gone when it has been read. */
  readonly #folder: string;

  constructor(options: LauncherOptions) {
    this.#options = options;
    this.#folder = options.trial?.reports ?? join(options.data, 'runs');
  }

  /** Makes the folder for reports, and sweeps what a killed supervisor left in it. */
  prepare(): void {
    this.#ensureFolder();
    for (const name of readdirSync(this.#folder)) {
      if (REPORT.test(name)) removeReport(join(this.#folder, name)); // a module may have made a folder of it
    }
  }

  module(module: ModuleSettings, run: StartedRun): Launch {
    this.#ensureFolder(); // somebody may have cleaned up
    const report = join(this.#folder, `${run.id}.jsonl`);
    const env = this.#environment(module, {
      ...this.#own(module, run.id, run.iteration),
      WATCHKEEPER_METRICS: report,
    });
    const options = nodeOptionsWithPreload(env['NODE_OPTIONS'], module.argv);
    return {
      spec: this.#spec(
        module,
        run.id,
        module.timeoutMs,
        options === '' ? env : { ...env, NODE_OPTIONS: options },
      ),
      collect: async () => {
        const first: string[] = [];
        const reported = await readReportedMetrics(report, (number, { problem }) => {
          if (first.length === 0) first.push(`line ${number}: ${problem}`);
        });
        removeReport(report);
        if (reported.badLines > 0) this.#warnOf(module, run, reported.badLines, first.join());
        return { ...reported, labels: labelsWithout(reported.labels, env) };
      },
    };
  }

  service(service: ServiceSettings, id: string): ChildSpec {
    const env = this.#environment(service, this.#own(service, id, null));
    return { ...this.#spec(service, id, null, env), metered: false }; // nobody asks for its figures, and it runs for months
  }

  async close(): Promise<void> {
    await Promise.all([...this.#logs.values()].map(({ log }) => log.close()));
  }

  #ensureFolder(): void {
    const aside = ensureFolder(this.#folder, this.#options.clock.now());
    if (aside !== null) this.#options.warn(`${this.#folder} was no folder: set aside as ${aside}`);
  }

  #spec(command: Command, id: string, timeoutMs: number | null, env: Record<string, string>): ChildSpec {
    const { name, argv, shell, cwd, killGraceMs } = command;
    return {
      id,
      name,
      argv,
      shell,
      cwd,
      killGraceMs,
      timeoutMs,
      env,
      metered: true,
      output: this.#options.trial?.sink(hiddenValues(env)) ?? this.#log(name).sink(id, hiddenValues(env)),
    };
  }

  #own(command: Command, id: string, iteration: number | null): Record<string, string> {
    const socket = this.#options.socket();
    return {
      ...this.#options.trial?.env,
      WATCHKEEPER_RUN_ID: id,
      WATCHKEEPER_MODULE: command.name,
      ...(iteration === null ? {} : { WATCHKEEPER_ITERATION: String(iteration) }),
      WATCHKEEPER_DATA_DIR: this.#options.data,
      ...(socket === null ? {} : { WATCHKEEPER_SOCKET: socketFrom(command.cwd, socket) }),
    };
  }

  #environment(command: Command, own: Record<string, string>): Record<string, string> {
    return childEnvironment(command, own, this.#options.env, dirname(process.execPath));
  }

  /** A log closes its file whenever nobody writes, so that one with another size can simply take its place. */
  #log(name: string): ModuleLog {
    const { logs, clock, warn, logSize } = this.#options;
    const size = logSize();
    const known = this.#logs.get(name);
    if (known !== undefined && isDeepStrictEqual(known.size, size)) return known.log;
    const log = openLog({ folder: logs, name, clock, warn, ...size });
    this.#logs.set(name, { log, size });
    return log;
  }

  #warnOf(module: ModuleSettings, run: StartedRun, badLines: number, first: string): void {
    this.#options.warn(
      `${module.name}: ${badLines} line(s) of its metrics file are not understood (run ${run.id}); the first is ${first}`,
    );
  }
}

/** No program can connect to a path that is too long for a socket: then it gets the one from its own folder. */
function socketFrom(cwd: string, socket: string): string {
  const near = relative(cwd, socket);
  return !fitsSocket(socket) && fitsSocket(near) ? near : socket;
}

/** Labels get into files and commits: a secret of the module's environment must not. */
function labelsWithout(labels: Record<string, string>, env: Record<string, string>): Record<string, string> {
  const entries = Object.entries(labels);
  if (entries.length === 0) return labels;
  const hidden = hiddenValues(env);
  return Object.fromEntries(entries.map(([name, value]) => [name, withoutHidden(value, hidden)]));
}

/** What cannot be removed now (no descriptor is left, the disk has become read-only) is swept at the next start: the run counts. */
function removeReport(path: string): void {
  try {
    rmSync(path, { force: true, recursive: true });
  } catch {
    // Said by whatever else fails for the same reason; a run must not be lost over it.
  }
}
