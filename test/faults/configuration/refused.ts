import { readFileSync, writeFileSync } from 'node:fs';
import type { Ended } from '../../helpers/supervisor.ts';
import { peakMb } from '../children/processes.ts';
import { type Fault, outcome } from '../fault.ts';
import { Witness } from '../invariants.ts';
import { pipeline } from '../pipeline.ts';
import { whileAlive } from '../program.ts';
import { BAD_TEXTS, type BadText } from './bad-texts.ts';

/** A start takes a third of a second, so the quick form tries some of them. */
const STARTS = { quick: 6, full: BAD_TEXTS.length };

export const refusedAtStart: Fault = {
  id: 'configuration/refused-at-start',
  group: 'configuration',
  weight: 'high',
  fault: `${BAD_TEXTS.length} bad configurations: duplicates, cycles, unknown keys, \`../../bin\`, billion laughs, 100 MB, hostile names`,
  promise:
    'exit code 2, the path, the line and the accepted form of each problem, no escape code, nothing is run or written',
  quick: true,
  needs: ['linux'],
  async inject(context) {
    const workspace = context.workspace({});
    const problems: string[] = [];
    const step = Math.floor(BAD_TEXTS.length / STARTS[context.size]);
    const tried = BAD_TEXTS.filter((_, index) => index % step === 0);
    for (const bad of tried) {
      writeFileSync(workspace.path('watchkeeper.yaml'), bad.text);
      const ended = await context.start(workspace.root, ['run']).ended;
      problems.push(...refusalProblems(bad, ended));
      context.progress(`${bad.what}: ${ended.stderr.split('\n')[0]?.slice(0, 150)}`);
    }
    const written = workspace.git('status', '--porcelain').trim();
    if (written !== '?? watchkeeper.yaml') problems.push(`it left ${written}`);
    return outcome(problems, `${tried.length} configurations`, { faultsInjected: tried.length });
  },
};

function refusalProblems({ what, says }: BadText, { code, signal, stdout, stderr }: Ended): string[] {
  return [
    ...(code === 2 ? [] : [`${what}: it ended with ${signal ?? code}: ${stderr.slice(0, 200)}`]),
    ...(says.test(stderr) ? [] : [`${what}: it said ${stderr.slice(0, 300)}`]),
    ...(stdout === '' ? [] : [`${what}: it wrote ${stdout.slice(0, 100)}`]),
    ...(/^ {4}at /m.test(stderr) || stderr.includes('\x1b')
      ? [`${what}: a stack trace or an escape code: ${stderr.slice(0, 300)}`]
      : []),
  ];
}

export const brokenHotReload: Fault = {
  id: 'configuration/broken-hot-reload',
  group: 'configuration',
  weight: 'high',
  fault: 'each of the bad configurations is saved under a running supervisor, one after the other',
  promise:
    'each is told with its place, the old settings stay in effect, modules go on, memory stays bounded; a good edit is taken over',
  quick: false,
  needs: ['linux'],
  async inject(context) {
    const line = pipeline(context);
    const good = readFileSync(line.workspace.path('watchkeeper.yaml'), 'utf8');
    const witness = new Witness(line, { changing: ['watchkeeper.yaml'] });
    const supervisor = context.start(line.workspace.root);
    await whileAlive(supervisor, 'modules run', () => line.started('quick').length > 0);
    const problems: string[] = [];
    for (const bad of BAD_TEXTS) {
      const said = supervisor.stderr().length;
      writeFileSync(line.workspace.path('watchkeeper.yaml'), bad.text);
      await whileAlive(supervisor, `it tells of ${bad.what}`, () => isTold(supervisor.stderr().slice(said)));
      const told = supervisor.stderr().slice(said);
      if (!bad.says.test(told)) problems.push(`${bad.what}: it said ${told.slice(0, 200)}`);
      const before = line.started('quick').length;
      await whileAlive(supervisor, 'modules go on', () => line.started('quick').length > before);
      context.progress(bad.what);
    }
    const peak = Math.round(peakMb(supervisor.process.pid));
    line.workspace.write('watchkeeper.yaml', good.replace('sh step.sh 0.05', 'sh step.sh 0.06'));
    await whileAlive(supervisor, 'the good edit is taken over', () =>
      supervisor.stderr().includes('has changed and is in effect'),
    );
    const { code, stdout } = await supervisor.stop();
    witness.hear(stdout);
    const verdict = await witness.verdict();
    if (peak > 250) problems.push(`the supervisor needed ${peak} MB`);
    if (code !== 0) problems.push(`it ended with ${code}`);
    return outcome(
      [...problems, ...verdict.problems],
      `${BAD_TEXTS.length} bad edits, peak memory ${peak} MB`,
      {
        faultsInjected: BAD_TEXTS.length,
        ...verdict.counts,
      },
    );
  },
};

function isTold(text: string): boolean {
  return /the old configuration stays/.test(text);
}
