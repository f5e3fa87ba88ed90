import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { systemErrorCode } from '../errors.ts';
import { type ProcessStat, readProcessStat } from '../process-identity.ts';
import { type KeeperReport, keeperOrder, parseKeeperLine } from './keeper-line.ts';
import { openOutputs, spawnKeeper } from './keeper-process.ts';
import type { KeeperProgram } from './keeper-program.ts';
import type { KnownProcess } from './meter.ts';
import type { Spawned } from './spawned.ts';
import { explainStartError, type StartError } from './start-error.ts';
import {
  type CommandExit,
  NO_TOTALS,
  type Outputs,
  type Started,
  type StartSpec,
  type Totals,
} from './started.ts';
import { findStrays } from './strays.ts';
import { descendants } from './tree.ts';

/** Starts a command through its keeper: everything about its end is exact, and nothing that it starts can get away. */
export function startKept(spec: StartSpec, program: KeeperProgram): Started {
  return new KeptCommand(spec, program);
}

class KeptCommand implements Started {
  readonly pid: number | null;
  readonly headIsCommand = false;
  onNewProcess = (): void => {};
  readonly #spec: StartSpec;
  readonly #process: Spawned;
  readonly #head: ProcessStat | null;
  readonly #outputs = Promise.withResolvers<Outputs | null>();
  readonly #running = Promise.withResolvers<void>();
  readonly #exit = Promise.withResolvers<CommandExit>();
  readonly #over = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<void>();
  #unfinishedLine = '';
  #startError: StartError | null = null;
  #usage: Totals = NO_TOTALS;
  #ended = false;
  #keeperGone = false;
  #commandPid: number | null = null;

  constructor(spec: StartSpec, program: KeeperProgram) {
    this.#spec = spec;
    this.#process = spawnKeeper(spec, program);
    this.pid = this.#process.child?.pid ?? null;
    this.#head = this.pid === null ? null : readProcessStat(this.pid);
    if (this.#process.child === null) void this.#notSpawned();
    else this.#listen(this.#process.child);
  }

  get commandPid(): number | null {
    return this.#commandPid;
  }
  get outputs(): Promise<Outputs | null> {
    return this.#outputs.promise;
  }
  get running(): Promise<void> {
    return this.#running.promise;
  }
  get exit(): Promise<CommandExit> {
    return this.#exit.promise;
  }
  get over(): Promise<void> {
    return this.#over.promise;
  }

  isOver(known: readonly KnownProcess[]): boolean {
    return this.#ended || (this.#keeperGone && this.tree(known).length === 0);
  }

  /** Without its keeper the tree has to be searched for: somebody has killed it. */
  tree(known: readonly KnownProcess[]): ProcessStat[] {
    if (this.pid === null || this.#head === null || this.#ended) return [];
    if (!this.#keeperGone) return descendants(this.pid);
    return findStrays({ head: this.#head, runId: this.#spec.env['WATCHKEEPER_RUN_ID'] ?? null, known });
  }

  totals(): Totals {
    return this.#usage;
  }

  giveUpStart(error: StartError): void {
    if (this.#commandPid !== null || this.#keeperGone) return;
    this.#startError ??= error;
    this.#process.child?.kill('SIGKILL');
    // Its end is not waited for: a keeper that hangs in the system does not hear SIGKILL either.
    this.#outputs.resolve(null);
    this.#running.resolve();
    this.#resolveExit(null, null, null);
    this.#closed.resolve();
  }

  async release(): Promise<void> {
    if (!this.#ended && !this.#keeperGone) this.#process.child?.kill('SIGKILL');
    await this.#closed.promise;
  }

  async #notSpawned(): Promise<void> {
    const code = systemErrorCode(await this.#process.failure) ?? 'EINVAL';
    this.#startError = explainStartError(code, code === 'E2BIG' ? 'exec' : 'fork', this.#spec);
    this.#finish(null);
  }

  #listen(child: ChildProcess): void {
    const line = child.stdio[3] as Socket; // a pipe of Node's own goes both ways
    line.setEncoding('latin1');
    line.on('data', (text: string) => this.#read(text));
    line.on('error', () => {}); // the keeper is gone: `close` follows, with how
    child.once('close', (_code, signal) => this.#finish(signal));
  }

  #read(text: string): void {
    const lines = (this.#unfinishedLine + text).split('\n');
    this.#unfinishedLine = lines.pop() ?? '';
    for (const line of lines) {
      const report = parseKeeperLine(line);
      if (report !== null) this.#take(report);
    }
  }

  #take(report: KeeperReport): void {
    switch (report.kind) {
      case 'ready':
        this.#order(report.stdout, report.stderr);
        break;
      case 'started':
        this.#commandPid = report.pid;
        this.#running.resolve();
        break;
      case 'new':
        this.onNewProcess();
        break;
      case 'failed':
        this.#startError = explainStartError(report.code, report.step, this.#spec);
        break;
      case 'exited':
        this.#usage = report.usage;
        this.#resolveExit(report.exitCode, report.signal, report.runtimeSeconds);
        break;
      case 'ended':
        this.#usage = report.usage;
        this.#ended = true;
        this.#over.resolve();
    }
  }

  #order(stdout: number, stderr: number): void {
    if (this.#startError !== null) return; // given up meanwhile
    const line = this.#process.child?.stdio[3] as Socket;
    try {
      this.#outputs.resolve(openOutputs(this.pid ?? 0, stdout, stderr));
      line.write(keeperOrder(this.#spec));
    } catch (error) {
      this.#startError = explainStartError(systemErrorCode(error) ?? 'EINVAL', 'fork', this.#spec);
      line.destroy(); // the keeper, given no order, ends
    }
  }

  #resolveExit(exitCode: number | null, signal: string | null, runtimeSeconds: number | null): void {
    const startError = this.#startError;
    if (startError === null) this.#exit.resolve({ exitCode, signal, runtimeSeconds, startError });
    else this.#exit.resolve({ exitCode: null, signal: null, runtimeSeconds, startError });
  }

  /** The keeper has ended: after its work, before it (the start failed), or in the middle of it (it was killed). */
  #finish(signal: string | null): void {
    this.#keeperGone = true;
    if (this.#commandPid === null) this.#startError ??= keeperError(signal);
    this.#outputs.resolve(null);
    this.#running.resolve();
    this.#resolveExit(null, signal ?? 'SIGKILL', null); // how the command itself ends nobody will know: we kill it
    this.#closed.resolve();
  }
}

function keeperError(signal: string | null): StartError {
  const how = signal === null ? 'by itself' : `by ${signal}`;
  return {
    code: 'KEEPER',
    message: `the keeper (perl) ended ${how} before it had started the command`,
    permanent: false,
  };
}
