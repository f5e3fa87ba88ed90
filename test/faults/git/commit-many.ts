import { planCommit } from '../../../src/git/plan.ts';
import { openRepository } from '../../../src/git/repository.ts';
import type { Run } from '../../../src/glossary/run.ts';
import type { GitSettings } from '../../../src/glossary/settings.ts';
import { NOTHING_FURTHER } from '../../helpers/further.ts';
import { workspaceAt } from '../../helpers/workspace.ts';
import { yardstickAt } from './yardstick.ts';

/**
 * `node commit-many.ts ROOT BARE COUNT`: commits files that grow and change as those of three modules do, the same ones in
 * the folder BARE by a bare `git commit` right after each, and writes how long both took, in milliseconds, a line for each pair.
 */
const [root = '', bare = '', count = '0'] = process.argv.slice(2);

const settings: GitSettings = { enabled: true, commitOn: ['ok'], okEveryMs: 0, ref: 'current' };
const MODULES = ['collector', 'signal-generator', 'backtester'];
const HISTORY = 100;

function runOf(module: string, iteration: number): Run {
  const startedAt = new Date(1_795_000_000_000 + iteration * 60_000).toISOString();
  // As good as random, and the same each time: figures that could be packed away would prove nothing.
  const figure = (salt: number): number =>
    Number(Math.abs((Math.sin(iteration * 12.9 + salt) * 1e4) % 1).toFixed(4));
  return {
    id: `01JD${String(iteration).padStart(18, '0')}${module.length}AAA`,
    module,
    iteration,
    trigger: 'schedule',
    attempt: 1,
    startedAt,
    endedAt: startedAt,
    outcome: 'ok',
    exitCode: 0,
    signal: null,
    runtimeSeconds: figure(1),
    cpuSeconds: figure(2),
    cpuPercent: figure(3) * 100,
    memoryMb: 60 + figure(4),
    apiLatencySeconds: figure(5),
    api: { count: 12, errors: 0, p95: figure(6), max: figure(7) },
    ...NOTHING_FURTHER,
    custom: { rowsCollected: Math.round(figure(8) * 1e4) },
    revision: '9fceb02',
    reason: null,
  };
}

let anomalies = '';

/** The files of `data/` after this iteration, by name. */
function filesAt(iteration: number, runs: Map<string, Run[]>): Map<string, string> {
  const modules = [...runs].map(
    ([name, own]) => `"${name}":{"runs":[\n${own.map(run => JSON.stringify(run)).join(',\n')}\n]}`,
  );
  if (iteration % 50 === 1) anomalies += `{"iteration":${iteration}}\n`;
  return new Map([
    ['data/performance.json', `{"version":1,"modules":{${modules.join(',\n')}}}\n`],
    ['data/status.json', `${JSON.stringify({ version: 1, iterations: iteration }, null, 1)}\n`],
    ['data/anomalies.log', anomalies],
  ]);
}

const say = (message: string): void => void process.stderr.write(`${message}\n`);
const { write } = workspaceAt(root);
const yardstick = yardstickAt(bare);
const repository = openRepository(root, { settings, warn: say, info: say });
const runs = new Map<string, Run[]>(MODULES.map(name => [name, []]));
for (let iteration = 1; iteration <= Number(count); iteration += 1) {
  const fresh = MODULES.map(name => runOf(name, iteration));
  for (const run of fresh) runs.set(run.module, [...(runs.get(run.module) ?? []), run].slice(-HISTORY));
  const files = filesAt(iteration, runs);
  for (const [name, text] of files) write(name, text);
  const plan = planCommit({
    settings,
    iteration,
    runs: fresh,
    events: [],
    openIncidents: [],
    lastOkCommitMs: null,
    nowMs: iteration,
  });
  if (plan === null) throw new Error('there is nothing to commit');
  const start = performance.now();
  const { kind } = await repository.commit(plan);
  if (kind !== 'committed') throw new Error(`commit ${iteration}: ${kind}`);
  const tookMs = performance.now() - start;
  process.stdout.write(`${tookMs.toFixed(2)} ${yardstick.commit(files).toFixed(2)}\n`);
}
await repository.close();
