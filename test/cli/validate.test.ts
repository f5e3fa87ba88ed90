import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { test } from 'node:test';
import { command } from '../helpers/supervisor.ts';
import { temporaryFolder, type Workspace, workspaceAt } from '../helpers/workspace.ts';
import { call } from './called.ts';

const GOOD = `schedule: "*/5 * * * *"
timezone: Europe/Berlin
modules:
  collector: { command: node collector.ts, schedule: every 30s }
  signals: { command: node signals.ts, after: [collector] }
  nightly: { command: node nightly.ts }
services:
  feed: { command: node feed.ts }
`;
const BAD = `schedule: "61 * * * *"
modules:
  collector: { comand: node collector.ts }
  signals:
    command: node signals.ts
    after: [nobody]
    cwd: ../..
`;

function workspaceWith(t: Parameters<typeof temporaryFolder>[0], yaml: string): Workspace {
  const workspace = workspaceAt(temporaryFolder(t));
  workspace.write('watchkeeper.yaml', yaml);
  return workspace;
}

test('a good configuration is shown: what is due when, and after what', async t => {
  const { root } = workspaceWith(t, GOOD);
  const { code, stdout, stderr } = await call('validate', '--root', root);
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /^watchkeeper\.yaml is valid$/m);
  assert.match(stdout, /^ {2}collector +every 30s$/m);
  assert.match(stdout, /^ {2}signals +after collector$/m);
  assert.match(stdout, /^ {2}nightly +\*\/5 \* \* \* \* \(Europe\/Berlin\)$/m);
  assert.match(stdout, /^ {2}feed +\(service\)$/m);
});

test('all problems come together, each with its line and path, and the exit code is 2', async t => {
  const { root } = workspaceWith(t, BAD);
  const { code, stdout, stderr } = await call('validate', '--root', root);
  assert.deepEqual([code, stdout], [2, '']);
  const places = stderr
    .trimEnd()
    .split('\n')
    .map(line => /^watchkeeper\.yaml:(\d+) (\S+): \S/.exec(line)?.slice(1));
  assert.deepEqual(places, [
    ['1', 'schedule'],
    ['3', 'modules.collector.command'],
    ['3', 'modules.collector.comand'],
    ['6', 'modules.signals.after[0]'],
    ['7', 'modules.signals.cwd'],
  ]);
});

test('a warning is told as one, and keeps nothing from running', async t => {
  const { root } = workspaceWith(t, 'modules:\n  one: { command: "true | cat" }\n');
  const { code, stdout, stderr } = await call('validate', '--root', root);
  assert.equal(code, 0);
  assert.match(stdout, /^watchkeeper\.yaml is valid$/m);
  assert.match(stderr, /^warning: watchkeeper\.yaml:2 modules\.one\.command: holds \|, .*\n$/);
  const { problems } = JSON.parse((await call('validate', '--root', root, '--json')).stdout);
  assert.deepEqual([problems.length, problems[0].severity], [1, 'warning']);
});

test('with --json problems are facts on standard output', async t => {
  const { root } = workspaceWith(t, BAD);
  const bad = await call('validate', '--root', root, '--json');
  assert.deepEqual([bad.code, bad.stderr], [2, '']);
  const { valid, problems } = JSON.parse(bad.stdout);
  assert.deepEqual([valid, problems.length, problems[0].path, problems[0].line], [false, 5, 'schedule', 1]);
  assert.equal(problems[0].severity, 'problem');
  const good = await call('validate', '--root', workspaceWith(t, GOOD).root, '--json');
  assert.deepEqual([good.code, JSON.parse(good.stdout)], [0, { valid: true, problems: [] }]);
});

for (const name of ['run', 'once', 'trigger']) {
  test(`${name} starts nothing with a bad configuration: the same problems, exit code 2`, async t => {
    const { root } = workspaceWith(t, BAD);
    const argv = name === 'trigger' ? ['trigger', 'collector'] : [name];
    const { code, stdout, stderr } = await call(...argv, '--root', root);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /watchkeeper\.yaml:3 modules\.collector\.comand: .*did you mean `command`/);
    assert.match(stderr, /watchkeeper\.yaml:7 modules\.signals\.cwd: /);
  });
}

for (const name of ['run', 'once', 'validate']) {
  test(`${name} in a folder without a configuration says how to make one`, async t => {
    const { code, stderr } = await call(name, '--root', temporaryFolder(t));
    assert.equal(code, 2);
    assert.match(stderr, /there is no .*watchkeeper\.yaml: run `watchkeeper init`/);
  });
}

test('the workspace is the current folder unless --root names one, also by a relative path or a link', async t => {
  const { root } = workspaceWith(t, GOOD);
  const link = `${temporaryFolder(t)}/link`;
  symlinkSync(root, link);
  assert.equal((await call('validate', '--root', link)).code, 0);
  assert.equal((await command(t, `.${'/..'.repeat(40)}${root}`, ['validate'])).code, 0);
});
