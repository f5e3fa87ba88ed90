import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AnomalyEvent } from '../../src/glossary/event.ts';
import type { Run } from '../../src/glossary/run.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { PIPELINE, stepScript } from '../helpers/steps.ts';
import { type Command, start } from '../helpers/supervisor.ts';
import { until } from '../helpers/until.ts';
import { temporaryWorkspace, type Workspace } from '../helpers/workspace.ts';
import { assertValid } from '../store/schemas.ts';

failOnLeaks();

const KILLS = 6;

interface Line {
  type: string;
  run?: Run;
  events?: AnomalyEvent[];
  commit?: string | null;
}

/** What a supervisor with --json has shown, as far as whole lines of it arrived. */
function linesOf(supervisor: Command): Line[] {
  const text = supervisor.stdout();
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line));
}

const marks = (workspace: Workspace, name: string): string[] =>
  existsSync(workspace.path('marks', name))
    ? readFileSync(workspace.path('marks', name), 'utf8').trim().split('\n').filter(Boolean)
    : [];

/** By the id of the run: its line. */
function runsIn(performance: string): Map<string, string> {
  const value = JSON.parse(performance);
  assertValid('performance', value);
  const modules: { runs: Run[] }[] = Object.values(value.modules);
  const runs = modules.flatMap(module => module.runs);
  const byId = new Map(runs.map(run => [run.id, JSON.stringify(run)]));
  assert.equal(byId.size, runs.length, 'no run is there twice');
  return byId;
}

function assertContains(all: Map<string, string>, part: Map<string, string>): void {
  for (const [id, line] of part) assert.equal(all.get(id), line);
}

const textOf = (workspace: Workspace, file: string): string => {
  const path = workspace.path('data', file);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
};

test('whenever a supervisor is killed: what was shown stays, each run is once, nothing runs twice', {
  skip: process.platform !== 'linux',
}, async t => {
  const workspace = temporaryWorkspace(t, {
    'watchkeeper.yaml': PIPELINE,
    'step.sh': stepScript('marks'),
    'marks/.keep': '',
  });
  const shown: Line[] = [];
  let runs = new Map<string, string>();
  let log = '';
  for (let kill = 0; kill < KILLS; kill += 1) {
    const before = marks(workspace, 'quick').length;
    const supervisor = start(t, workspace.root, ['run', '--json']);
    // From the moment at which modules run on, any other: in runs, between them, while files and commits are written.
    await until('modules run', () => marks(workspace, 'quick').length > before);
    await sleep((kill * 97) % 700);
    supervisor.process.kill('SIGKILL');
    await supervisor.ended;
    shown.push(...linesOf(supervisor));
    const performance = textOf(workspace, 'performance.json');
    const now = performance === '' ? runs : runsIn(performance);
    assertContains(now, runs);
    runs = now;
    const lines = textOf(workspace, 'anomalies.log');
    assert.ok(lines.startsWith(log));
    log = lines.slice(0, lines.lastIndexOf('\n') + 1);
    if (textOf(workspace, 'status.json') !== '')
      assertValid('status', JSON.parse(textOf(workspace, 'status.json')));
  }
  const last = start(t, workspace.root, ['run', '--json', '--iterations', '2']);
  assert.equal((await last.ended).code, 0);
  shown.push(...linesOf(last));

  assert.deepEqual(marks(workspace, 'twice'), []);
  const final = runsIn(textOf(workspace, 'performance.json'));
  assertContains(final, runs);
  for (const { run } of shown) assert.ok(run === undefined || final.has(run.id), `${run?.id} was shown`);
  for (const name of ['quick', 'slow', 'next'])
    for (const id of marks(workspace, name)) assert.ok(final.has(id), `${name} was started as ${id}`);
  const written = textOf(workspace, 'anomalies.log');
  assert.ok(written.startsWith(log));
  const lines = written.trim().split('\n').filter(Boolean);
  assert.equal(new Set(lines).size, lines.length);
  for (const event of shown.flatMap(line => (line.type === 'run' ? (line.events ?? []) : [])))
    assert.ok(lines.includes(JSON.stringify(event)));
  assertCommits(workspace, shown, final, written);
});

/** Every commit that was shown is there, and holds nothing that has not stayed. */
function assertCommits(workspace: Workspace, shown: Line[], final: Map<string, string>, log: string): void {
  const commits = workspace.git('log', '--format=%h', '--author=Watchkeeper').trim().split('\n');
  for (const { commit } of shown) {
    if (commit === null || commit === undefined) continue;
    assert.ok(
      commits.some(sha => sha.startsWith(commit) || commit.startsWith(sha)),
      commit,
    );
  }
  for (const commit of commits) {
    assertContains(final, runsIn(workspace.git('show', `${commit}:data/performance.json`)));
    assert.ok(log.startsWith(workspace.git('show', `${commit}:data/anomalies.log`)));
  }
  workspace.git('fsck', '--full');
  assert.equal(workspace.git('diff', '--cached', '--name-only'), '');
}
