import { closeSync, constants, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Fault, missed } from '../fault.ts';
import { whileAlive } from '../program.ts';
import { runsIn } from '../told.ts';
import { conclude, shell, toldAt, trial, unlike } from '../trial.ts';
import { isAlive, numbersNoted } from './processes.ts';

/** Beyond the time that a module takes to be told of which leaves nothing behind. */
const ALLOWANCE_MS = 1_000;

export const heldOutput: Fault = {
  id: 'children/grandchild-holds-stdout',
  group: 'children',
  weight: 'high',
  fault:
    "a module's output is held open after its end: by a deaf grandchild, by a daemon, by a stranger who cannot be ended",
  promise: 'the run ends within 1 s of the module, with its true exit code and all that it has printed',
  quick: true,
  needs: ['linux'],
  async inject(context) {
    const file = (name: string): string => join(context.folder, name);
    const end = (name: string, code: number): string =>
      `echo last words; date +%s%N > ${file(`${name}.end`)}; exit ${code}`;
    const deaf = (name: string, how: string): string =>
      `(trap "" TERM; ${how} & echo $! > ${file(`${name}.pid`)}); ${end(name, 3)}`;
    const lent = `echo $$ > ${file('lent.pid')}; until test -e ${file('go')}; do sleep 0.05; done; ${end('lent', 5)}`;
    const tried = trial(context, {
      modules: {
        plain: shell(end('plain', 4)),
        grandchild: shell(deaf('grandchild', 'sleep 600')),
        daemon: shell(deaf('daemon', 'setsid sleep 600')),
        lent: shell(lent),
      },
    });
    const supervisor = context.start(tried.workspace.root);
    const times = toldAt(supervisor);
    const pid = await whileAlive(
      supervisor,
      'the module runs',
      () => numbersNoted(file('lent.pid'))[0] ?? null,
    );
    const held = openSync(`/proc/${pid}/fd/1`, constants.O_WRONLY);
    context.after(() => closeSync(held));
    writeFileSync(file('go'), '');
    await whileAlive(supervisor, 'all have ended', () => runsIn(supervisor.stdout()).length === 4);
    const { stdout } = await supervisor.stop();
    tried.witness.hear(stdout);
    const runs = runsIn(stdout);
    const expected = { plain: 4, grandchild: 3, daemon: 3, lent: 5 };
    const problems = Object.entries(expected).flatMap(([name, exitCode]) =>
      unlike(runs, name, { outcome: 'error', exitCode, signal: null }),
    );
    const delays = new Map(
      runs.map(({ id, module }) => {
        const endMs = Number(readFileSync(file(`${module}.end`), 'latin1')) / 1e6;
        return [module, (times.get(id) ?? Number.NaN) - endMs];
      }),
    );
    const plainMs = delays.get('plain') ?? 0;
    for (const [name, delayMs] of delays) {
      // The last one is told of with everything else out of the way; none is measured by the clock alone.
      if (!(delayMs <= ALLOWANCE_MS + 2 * plainMs))
        problems.push(`${name} was told of ${delayMs} ms after its end (plain: ${plainMs} ms)`);
      const log = readFileSync(tried.workspace.path('logs', `${name}.log`), 'utf8');
      if (!log.includes('| last words')) problems.push(`the last words of ${name} are lost`);
    }
    const left = ['grandchild', 'daemon'].flatMap(name => numbersNoted(file(`${name}.pid`)));
    if (left.length !== 2) return missed('nobody held the output');
    problems.push(...left.filter(isAlive).map(one => `process ${one} lives on`));
    const figures = [...delays].map(([name, ms]) => `${name} ${ms.toFixed(0)} ms`).join(', ');
    return conclude(tried, problems, `told of after their end: ${figures}`, { faultsInjected: 3 });
  },
};
