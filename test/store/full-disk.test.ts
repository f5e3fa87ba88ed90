import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { test } from 'node:test';
import type { Run } from '../../src/glossary/run.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { iterations } from '../helpers/supervisor.ts';
import { until } from '../helpers/until.ts';
import type { Workspace } from '../helpers/workspace.ts';
import { aRun, at } from './fixtures.ts';
import { assertValid } from './schemas.ts';
import { NO_DISK, smallDisk } from './small-disk.ts';

failOnLeaks();

const REAL = { skip: NO_DISK, timeout: 120_000 };

function runsOf(workspace: Workspace, module: string): Run[] {
  const file = JSON.parse(readFileSync(workspace.path('data/performance.json'), 'utf8'));
  assertValid('performance', file);
  return file.modules[module]?.runs ?? [];
}

const count = (text: string, part: string | RegExp): number => text.split(part).length - 1;

test('a run that ends on a full disk is kept, and recorded when there is room', REAL, async t => {
  const disk = await smallDisk(t, 16, {
    'watchkeeper.yaml': `modules:
  one: { command: "sh -c 'touch started; while test -e hold; do sleep 0.05; done'", schedule: every 1h }
`,
    hold: '',
  });
  const { workspace } = disk;
  const supervisor = disk.start();
  await until('the module runs', () => existsSync(workspace.path('started')));
  disk.fill();
  rmSync(workspace.path('hold'));
  await until('the run is kept', () => /a run of one cannot be recorded yet/.test(supervisor.stderr()));
  assert.match(supervisor.stderr(), /and is kept until it can: .*disk is full: make room/);
  assert.equal(
    existsSync(workspace.path('data/performance.json')),
    false,
    'nothing is shown that is not recorded',
  );
  disk.empty();
  await iterations(supervisor, 1);
  const [run, ...more] = runsOf(workspace, 'one');
  assert.deepEqual([run?.outcome, run?.exitCode, more], ['ok', 0, []]);
  assert.match(workspace.git('log', '-1', '--format=%s'), /^Performance OK/);
  const ended = await supervisor.stop();
  assert.equal(ended.code, 0);
  assert.equal(count(ended.stderr, 'cannot be recorded yet'), 1, 'told once, however often it was tried');
});

test(
  'a run that cannot be recorded to the end ends the supervisor with 4, and that is said',
  REAL,
  async t => {
    const disk = await smallDisk(t, 16, {
      'watchkeeper.yaml':
        'modules:\n  one: { command: "sh -c \'touch started; while test -e hold; do sleep 0.05; done\'" }\n',
      hold: '',
    });
    const supervisor = disk.start('once');
    await until('the module runs', () => existsSync(disk.workspace.path('started')));
    disk.fill();
    rmSync(disk.workspace.path('hold'));
    await until('the run is kept', () => /cannot be recorded yet/.test(supervisor.stderr()));
    const { code, stderr } = await supervisor.stop();
    assert.equal(code, 4);
    assert.match(stderr, /a run of one could not be recorded: .*make room/);
  },
);

/** With so much history `performance.json` needs more room than a disk has that still takes some runs. */
function longHistory(): string {
  const runs = Array.from({ length: 2_000 }, (_, index) => {
    const {
      module: _module,
      reason: _reason,
      ...run
    } = aRun({ id: `OLD${index}`, startedAt: at(0), endedAt: at(1) });
    return run;
  });
  const counts = { successCount: 2_000, errorCount: 0, restartCount: 0 };
  return JSON.stringify({
    version: 1,
    updatedAt: at(1),
    historySize: 2_000,
    modules: { old: { ...counts, runs } },
  });
}

test(
  'files that do not fit are told once, nothing is committed meanwhile, and all of it is made up for',
  REAL,
  async t => {
    const disk = await smallDisk(t, 32, {
      'watchkeeper.yaml': `history: { runs: 2000 }
detection: { window: 100 }
modules:
  one: { command: "true", schedule: every 1s }
`,
      'data/performance.json': longHistory(),
    });
    const { workspace } = disk;
    const supervisor = disk.start();
    await iterations(supervisor, 2);
    disk.fill(600_000);
    const whole = (): string => readFileSync(workspace.path('data/performance.json'), 'utf8');
    await until('it cannot be written', () =>
      /performance\.json could not be written/.test(supervisor.stderr()),
    );
    const [before, head] = [whole(), workspace.git('rev-parse', 'HEAD')];
    const seen = count(supervisor.stdout(), /iteration \d+: /g);
    await iterations(supervisor, seen + 2);
    assert.equal(whole(), before, 'the old file stays as it was');
    assert.equal(workspace.git('rev-parse', 'HEAD'), head, 'no commit shows an old file');
    disk.empty();
    await until('it can again', () =>
      /performance\.json could be written again/.test(supervisor.stderr() + supervisor.stdout()),
    );
    const ended = await supervisor.stop();
    assert.equal(ended.code, 0);
    assert.equal(count(ended.stderr, 'performance.json could not be written'), 1);
    assert.doesNotMatch(ended.stderr, /could not be written.*could not be written/);
    const numbers = runsOf(workspace, 'one').map(({ iteration }) => iteration);
    const [first = 0] = numbers;
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => first + index),
      'no run is missing',
    );
    assert.deepEqual(JSON.parse(workspace.git('show', 'HEAD:data/performance.json')), JSON.parse(whole()));
  },
);

test('a change of a watched file on a full disk is told, and does not end the supervisor', REAL, async t => {
  const disk = await smallDisk(t, 16, {
    'watchkeeper.yaml':
      'runAtStart: false\nmodules:\n  one: { command: "true", schedule: every 1h, watch: ["input/*"] }\n',
    'input/first': '1',
  });
  const { workspace } = disk;
  const supervisor = disk.start();
  await until('it watches', () => /watching/.test(supervisor.stdout() + supervisor.stderr()));
  workspace.write('input/first', '22');
  await iterations(supervisor, 1);
  disk.fill();
  rmSync(workspace.path('input/first'));
  await until('it is told', () => /disk is full: make room/.test(supervisor.stderr()));
  assert.equal(supervisor.process.exitCode, null);
  disk.empty();
  workspace.write('input/second', '1');
  await iterations(supervisor, 2);
  assert.equal(runsOf(workspace, 'one').at(-1)?.trigger, 'change');
  assert.equal((await supervisor.stop()).code, 0);
});

test(
  'a start on a full disk says so, exit code 4, and the next one goes on as if nothing had been',
  REAL,
  async t => {
    const disk = await smallDisk(t, 16, { 'watchkeeper.yaml': 'modules:\n  one: { command: "true" }\n' });
    assert.equal((await disk.start('once').ended).code, 0);
    disk.fill();
    const { code, stderr } = await disk.start('once').ended;
    assert.equal(code, 4);
    assert.match(stderr, /the disk is full: make room/);
    assert.doesNotMatch(stderr, /^watchkeeper: ENOSPC/m);
    disk.empty();
    assert.equal((await disk.start('once').ended).code, 0);
    assert.deepEqual(
      runsOf(disk.workspace, 'one').map(({ iteration }) => iteration),
      [1, 2],
    );
  },
);
