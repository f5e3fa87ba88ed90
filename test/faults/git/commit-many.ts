import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { planCommit } from '../../../src/git/plan.ts';
import { openRepository } from '../../../src/git/repository.ts';
import type { GitSettings, Run } from '../../../src/types.ts';

/**
 * `node commit-many.ts ROOT COUNT`: commits files that grow and change as those of three modules do, and writes how long each
 * took, in milliseconds, a line each.
 */
const [root = '', count = '0'] = process.argv.slice(2);

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
    custom: { rowsCollected: Math.round(figure(8) * 1e4) },
    revision: '9fceb02',
    reason: null,
  };
}

function write(iteration: number, runs: Map<string, Run[]>): void {
  const modules = [...runs].map(
    ([name, own]) => `"${name}":{"runs":[\n${own.map(run => JSON.stringify(run)).join(',\n')}\n]}`,
  );
  const data = (name: string): string => join(root, 'data', name);
  writeFileSync(data('performance.json'), `{"version":1,"modules":{${modules.join(',\n')}}}\n`);
  writeFileSync(data('status.json'), `${JSON.stringify({ version: 1, iterations: iteration }, null, 1)}\n`);
  if (iteration % 50 === 1)
    writeFileSync(data('anomalies.log'), `{"iteration":${iteration}}\n`, { flag: 'a' });
}

const say = (message: string): void => void process.stderr.write(`${message}\n`);
const repository = openRepository(root, { settings, warn: say, info: say });
const runs = new Map<string, Run[]>(MODULES.map(name => [name, []]));
for (let iteration = 1; iteration <= Number(count); iteration += 1) {
  const fresh = MODULES.map(name => runOf(name, iteration));
  for (const run of fresh) runs.set(run.module, [...(runs.get(run.module) ?? []), run].slice(-HISTORY));
  write(iteration, runs);
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
  process.stdout.write(`${(performance.now() - start).toFixed(2)}\n`);
}
await repository.close();
