import { fileURLToPath } from 'node:url';
import type { Child, ChildResult, ChildSpec, OutputSink, Runner } from '../../src/glossary/child.ts';
import type { Clock } from '../../src/glossary/clock.ts';
import { processIdentity, readProcessStat } from '../../src/process-identity.ts';
import { createRunner, type RunnerOptions } from '../../src/run/runner.ts';

export const clock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };

/** A tiny module of test/fixtures/children, as a command. */
export function fixture(name: string, ...args: (string | number)[]): string[] {
  const file = fileURLToPath(new URL(`../fixtures/children/${name}`, import.meta.url));
  return [process.execPath, file, ...args.map(String)];
}

/** Keeps what a child writes. */
export class Collected implements OutputSink {
  readonly chunks: Buffer[] = [];
  readonly sources: string[] = [];
  ended = false;

  write(chunk: Uint8Array, source: 'stdout' | 'stderr'): boolean {
    this.chunks.push(Buffer.from(chunk));
    this.sources.push(source);
    return true;
  }
  async drained(): Promise<void> {}
  async end(): Promise<void> {
    this.ended = true;
  }
  get text(): string {
    return Buffer.concat(this.chunks).toString();
  }
  /** What a fixture says of itself in its last line. */
  reported(name: string): number {
    const report = JSON.parse(this.text.trim().split('\n').at(-1) ?? '') as Record<string, number>;
    return report[name] ?? Number.NaN;
  }
}

/** The keeper of a command that runs: its parent. */
export function keeperOf(child: Child): number {
  return readProcessStat(child.pid ?? 0)?.parent ?? 0;
}

let lastId = 0;

export function childSpec(argv: string[], changes: Partial<ChildSpec> = {}): ChildSpec {
  const id = `test-${process.pid}-${++lastId}`;
  return {
    id,
    name: 'module',
    argv,
    shell: false,
    cwd: import.meta.dirname,
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', WATCHKEEPER_RUN_ID: id },
    timeoutMs: null,
    killGraceMs: 5_000,
    metered: true,
    output: new Collected(),
    ...changes,
  };
}

export function runner(changes: Partial<RunnerOptions> = {}): Runner {
  return createRunner({ clock, warn: message => process.emitWarning(message), ...changes });
}

export const kept = runner();
export const direct = runner({ keeper: 'none' });

export interface Ran extends ChildResult {
  output: Collected;
}

/** Runs a command to its end. */
export async function run(argv: string[], changes: Partial<ChildSpec> = {}, by: Runner = kept): Promise<Ran> {
  const output = new Collected();
  const result = await by.start(childSpec(argv, { output, ...changes })).ended;
  return { ...result, output };
}

export const shell = (text: string, changes: Partial<ChildSpec> = {}, by: Runner = kept): Promise<Ran> =>
  run([text], { shell: true, ...changes }, by);

/** A zombie that nobody takes note of does not run any more. */
export const isRunning = (pid: number): boolean => processIdentity(pid) !== null;

/** Waits in a test that is to see what a child does while it runs. */
export function started(output: Collected, text = '\n'): () => boolean {
  return () => output.text.includes(text);
}
