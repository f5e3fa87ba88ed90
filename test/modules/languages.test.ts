import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { failOnLeaks } from '../helpers/leaks.ts';
import { temporaryFolder } from '../helpers/workspace.ts';
import { readMetrics } from './processes.ts';

failOnLeaks();

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
}
