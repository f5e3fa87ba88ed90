import { type ChildProcess, spawn } from 'node:child_process';
import { once as event } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from '../../helpers/supervisor.ts';
import { until } from '../../helpers/until.ts';
import type { Fault, FaultContext, Outcome } from '../fault.ts';
import { processesOf } from '../invariants/leftovers.ts';
import { whileAlive } from '../program.ts';
import { runsIn } from '../told.ts';
import { conclude, once, shell, stopped, type Trial, trial, unlike } from '../trial.ts';
import { inPidNamespace, nextPid } from './pid-namespace.ts';
import { isAlive, killNow, numbersNoted, parentOf, statOf } from './processes.ts';

const ID = 'children/reused-pid';

/** A doubtful owner is watched for longer than this beyond an ordinary start. */
const AT_ONCE_MS = 6_000;

export const reusedPid: Fault = {
  id: ID,
  group: 'children',
  weight: 'critical',
  fault:
    'strangers have exactly the process ids of a killed supervisor, its keepers, its modules and its service; later that of a process of a run',
  promise:
    'no stranger is ever touched, and none is taken for the owner of the workspace: the next start goes on at once',
  quick: true,
  needs: ['linux', 'root', 'unshare', 'chosenPid'],
  inject: context => inPidNamespace(ID, context, () => amongStrangers(context)),
};

async function amongStrangers(context: FaultContext): Promise<Outcome> {
  const file = (name: string): string => join(context.folder, name);
  const hangs = `sleep 600 & echo $$ $! > ${file('hangs')}; wait`;
  const waits = `sleep 600 & echo $! > ${file('helper')}; wait; exec sleep 600`; // forks nothing more, which could get the number
  const tried = trial(context, {
    modules: { hangs: shell(hangs), waits: shell(waits), quick: shell('exit 0') },
    services: { feed: shell(`echo $$ > ${file('feed')}; exec sleep 600`) },
  });
  const strangers = new Strangers(context);
  const before = performance.now();
  await once(context, tried, ['quick']);
  const ordinaryMs = performance.now() - before;
  const pids = await killEverything(context, tried, file);
  await strangers.take(pids);
  const problems = await nextStart(context, tried, ordinaryMs);
  problems.push(...(await whileARunLives(context, tried, strangers, file)));
  problems.push(...strangers.touched());
  const counts = { killPoints: 1, faultsInjected: strangers.count };
  return conclude(
    tried,
    problems,
    `${strangers.count} strangers with reused numbers were left alone`,
    counts,
  );
}

/** A supervisor with all that it runs; their numbers, free again. */
async function killEverything(
  context: FaultContext,
  { workspace, witness }: Trial,
  file: (name: string) => string,
): Promise<number[]> {
  rmSync(file('feed'), { force: true });
  const supervisor = context.start(workspace.root);
  const counts = { feed: 1, hangs: 2, helper: 1 };
  for (const [name, count] of Object.entries(counts))
    await whileAlive(supervisor, `${name} runs`, () => numbersNoted(file(name)).length >= count);
  const own = processesOf(workspace).map(text => Number.parseInt(text, 10));
  const owner = supervisor.process.pid ?? 0;
  const keepers = own.map(parentOf).filter(pid => parentOf(pid) === owner);
  const all = [...new Set([owner, ...keepers, ...own])];
  supervisor.process.kill('SIGSTOP');
  for (const pid of all) killNow(pid);
  witness.hear((await supervisor.ended).stdout);
  await until('all numbers are free', () => all.every(pid => statOf(pid) === null));
  return all;
}

async function nextStart(context: FaultContext, tried: Trial, ordinaryMs: number): Promise<string[]> {
  const start = performance.now();
  const { code, stderr, runs } = await once(context, tried, ['quick']);
  const tookMs = performance.now() - start;
  const recorded = runs.filter(({ module, outcome }) => module === 'hangs' && outcome === 'killed').length;
  return [
    ...(code === 0 ? [] : [`the next start ended with ${code}: ${stderr.slice(-300)}`]),
    ...(tookMs < 2 * ordinaryMs + AT_ONCE_MS
      ? []
      : [`the next start took ${tookMs} ms (else ${ordinaryMs} ms)`]),
    ...(recorded === 1 ? [] : ['the run of the killed supervisor was not recorded as `killed`']),
  ];
}

/** A process of a run has ended and a stranger has its number; then the run, whose keeper is killed, is ended. */
async function whileARunLives(
  context: FaultContext,
  tried: Trial,
  strangers: Strangers,
  file: (name: string) => string,
): Promise<string[]> {
  const known = numbersNoted(file('helper'));
  const supervisor: Command = context.start(tried.workspace.root);
  const fresh = (): number | null =>
    numbersNoted(file('helper')).find(pid => !known.includes(pid) && isAlive(pid)) ?? null;
  const helper = await whileAlive(supervisor, 'the module has its helper', fresh);
  const command = parentOf(helper);
  const keeper = parentOf(command);
  process.kill(helper, 'SIGKILL');
  await until('its number is free', () => statOf(helper) === null);
  await strangers.take([helper]);
  process.kill(keeper, 'SIGKILL');
  const told = (): boolean => runsIn(supervisor.stdout()).some(({ module }) => module === 'waits');
  await whileAlive(supervisor, 'the run without a keeper is over', told);
  const { code, runs } = await stopped(supervisor, tried);
  return [
    ...unlike(runs, 'waits', { outcome: 'killed' }),
    ...(isAlive(command) ? [`the command without a keeper (${command}) lives on`] : []),
    ...(code === 0 ? [] : [`the supervisor ended with ${code}`]),
  ];
}

/** With so many attempts, and a pause between them, somebody who forks at the same time is not in the way. */
const ATTEMPTS = 300;
const PAUSE_MS = 20;

/** Processes that have nothing to do with the workspace. */
class Strangers {
  readonly #context: FaultContext;
  readonly #all: { process: ChildProcess; startTime: number }[] = [];

  constructor(context: FaultContext) {
    this.#context = context;
  }

  get count(): number {
    return this.#all.length;
  }

  /** Lets one live under each of these numbers. Throws where somebody else was always quicker. */
  async take(pids: number[]): Promise<void> {
    for (const pid of pids) {
      for (let attempt = 1; !(await this.#takeOne(pid)); attempt += 1) {
        if (attempt === ATTEMPTS)
          throw new Error(`the fault did not strike: ${pid} could not be given out again`);
        await sleep(PAUSE_MS);
      }
    }
  }

  async #takeOne(pid: number): Promise<boolean> {
    nextPid(pid);
    const process = spawn('sleep', ['600'], {
      detached: true,
      stdio: 'ignore',
      env: { PATH: '/usr/bin:/bin' },
    });
    const ended = event(process, 'exit');
    if (process.pid !== pid) {
      process.kill('SIGKILL');
      await ended;
      return false;
    }
    this.#all.push({ process, startTime: statOf(pid)?.startTime ?? 0 });
    this.#context.after(async () => {
      process.kill('SIGKILL');
      await ended;
    });
    return true;
  }

  /** In words, which of them were ended or stopped. */
  touched(): string[] {
    return this.#all.flatMap(({ process: { pid = 0, signalCode }, startTime }) => {
      const stat = statOf(pid);
      if (stat?.state === 'S' && stat.startTime === startTime) return [];
      return [`stranger ${pid} was touched: ${signalCode ?? stat?.state ?? 'gone'}`];
    });
  }
}
