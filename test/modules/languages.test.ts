import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { failOnLeaks } from '../helpers/leaks.ts';
import { command } from '../helpers/supervisor.ts';
import { temporaryFolder, temporaryWorkspace } from '../helpers/workspace.ts';
import { readMetrics } from './processes.ts';

failOnLeaks();

/** By date(1) with milliseconds, as the shell's script asks it for them. */
const GNU_DATE = /^\d{13}$/.test(spawnSync('date', ['+%s%3N'], { encoding: 'utf8' }).stdout.trim());

const LANGUAGES = [
  { program: 'python3', script: 'metrics.py', version: ['--version'] },
  { program: 'sh', script: 'metrics.sh', version: ['-c', 'true'] },
];

for (const { program, script, version } of LANGUAGES) {
  const missing = spawnSync(program, version).status !== 0 && `${program} is not on this machine`;
  const path = fileURLToPath(new URL(`../fixtures/languages/${script}`, import.meta.url));

  test(`${script} reports latency and a custom metric, a line each`, { skip: missing }, t => {
    const file = join(temporaryFolder(t), 'metrics');
    for (const runs of [1, 2]) {
      execFileSync(program, [path], { env: { ...process.env, WATCHKEEPER_METRICS: file } });
      assert.equal(readFileSync(file, 'utf8').trim().split('\n').length, runs * 2);
    }
    const { apiLatencySeconds, rowsCollected, ...others } = readMetrics(file);
    assert.ok(apiLatencySeconds !== undefined && apiLatencySeconds >= 0);
    assert.deepEqual([rowsCollected, others], [3, {}]);
  });

  test(`${script} runs by hand too, without a supervisor`, { skip: missing }, t => {
    const cwd = temporaryFolder(t);
    const { WATCHKEEPER_METRICS: _, ...env } = process.env;
    execFileSync(program, [path], { cwd, env });
    assert.equal(existsSync(join(cwd, 'undefined')), false);
  });

  const training = script.replace('metrics', 'training');
  const noMarks = program === 'sh' && !GNU_DATE && 'the date of this machine knows no milliseconds';

  test(`${training} gives its run setup, cleanup, throughput, quality and labels`, {
    skip: missing || noMarks,
  }, async t => {
    const workspace = temporaryWorkspace(t, {
      'watchkeeper.yaml': `modules:\n  train: { command: ${program} ${training} }\n`,
      [training]: readFileSync(join(dirname(path), training), 'utf8'),
    });
    const { code, stdout, stderr } = await command(t, workspace.root, ['once']);
    assert.deepEqual([code, stderr], [0, '']);
    const performance = JSON.parse(readFileSync(workspace.path('data/performance.json'), 'utf8'));
    const [run] = performance.modules.train.runs;
    assert.deepEqual(run.labels, { model: 'v3', data: 'candles 2026-11' });
    const { samplesProcessed, accuracy, f1Score } = run.custom;
    assert.deepEqual([samplesProcessed, accuracy, f1Score], [80, 0.91, 0.88]);
    const work = run.runtimeSeconds - run.setupSeconds - run.cleanupSeconds;
    assert.ok(run.setupSeconds > 0 && run.cleanupSeconds > 0 && work > 0, JSON.stringify(run));
    assert.ok(Math.abs(run.samplesPerSecond - 80 / work) < 1e-3 * run.samplesPerSecond, JSON.stringify(run));
    assert.match(stdout, / setup .* cleanup .*\/s/);
  });
}
