import { chmodSync, mkdirSync } from 'node:fs';
import type { Fault } from '../fault.ts';
import { whileAlive } from '../program.ts';
import { countIterations } from '../told.ts';
import { conclude, once, shell, stopped, trial } from '../trial.ts';

/** One that would be tried again and again. */
const AGAIN = { retries: 20, retryDelay: '1ms' };

/** Commands that cannot be started, and what the user is told. */
const COMMANDS: Record<string, { command: string | string[]; told: RegExp }> = {
  missing: { command: 'no-such-program', told: /no-such-program is in no folder of PATH/ },
  'missing-path': { command: './gone.sh', told: /gone\.sh does not exist/ },
  'not-executable': { command: './plain.sh', told: /plain\.sh may not be executed.*chmod \+x/ },
  'bad-first-line': {
    command: './first-line.sh',
    told: /asks in its first line for \/no\/such\/interpreter/,
  },
  'a-folder': { command: './folder', told: /folder is a folder, not a program/ },
  'long-argument': { command: ['true', 'x'.repeat(200_000)], told: /longer than the system allows/ },
};

export const cannotStart: Fault = {
  id: 'children/cannot-start',
  group: 'children',
  weight: 'medium',
  fault:
    'commands that cannot be started: missing, not executable, a bad first line, a folder, too long arguments, a working folder that is removed after the configuration was read',
  promise: 'each is told for what it is, and tried once: no storm of retries, of a service neither',
  quick: false,
  needs: ['linux'],
  async inject(context) {
    const names = Object.entries(COMMANDS);
    const modules = {
      ...Object.fromEntries(names.map(([name, { command }]) => [name, { command, ...AGAIN }])),
      remover: shell('rmdir work'),
      'no-folder': { command: 'true', cwd: 'work', after: ['remover'], ...AGAIN },
      fine: shell('exit 0'),
    };
    const services = { broken: { command: 'no-such-service', restartDelay: '10ms', maxRestartDelay: '1h' } };
    const files = {
      'plain.sh': '#!/bin/sh\n',
      'first-line.sh': '#!/no/such/interpreter\n',
      'folder/.keep': '',
    };
    const tried = trial(context, { modules, services, files, changing: ['first-line.sh'] });
    chmodSync(tried.workspace.path('first-line.sh'), 0o755);
    mkdirSync(tried.workspace.path('work'));
    const supervisor = context.start(tried.workspace.root);
    const over = (): boolean => countIterations(supervisor) > 0;
    await whileAlive(supervisor, 'the iteration is over', over);
    const { code, runs, stderr } = await stopped(supervisor, tried);
    const problems = code === 0 ? [] : [`the supervisor ended with ${code}`];
    const told = { ...COMMANDS, 'no-folder': { told: /the working folder \S+\/work does not exist/ } };
    for (const [name, { told: words }] of Object.entries(told)) {
      const own = runs.filter(({ module }) => module === name);
      if (own.length !== 1) problems.push(`${name} was tried ${own.length} times`);
      const { outcome, reason } = own[0] ?? {};
      if (outcome !== 'error' || !words.test(reason ?? '')) problems.push(`${name}: ${outcome}, ${reason}`);
    }
    const reasons = new Set(runs.map(({ reason }) => reason));
    if (reasons.size !== Object.keys(told).length + 1)
      problems.push('two of them are told in the same words');
    const starts = stderr.match(/service broken: /g)?.length ?? 0;
    if (starts !== 1) problems.push(`the service was told of ${starts} times`);
    await once(context, tried, ['fine']);
    return conclude(
      tried,
      problems,
      `${reasons.size - 1} commands, each tried once and told in its own words`,
      {
        faultsInjected: Object.keys(told).length + 1,
      },
    );
  },
};
