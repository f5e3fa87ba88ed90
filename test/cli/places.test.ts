import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { test } from 'node:test';
import { failOnLeaks } from '../helpers/leaks.ts';
import { command, iterations, start } from '../helpers/supervisor.ts';
import { temporaryFolder, temporaryWorkspace, workspaceAt } from '../helpers/workspace.ts';

failOnLeaks();

const ONE = 'modules:\n  one: { command: "sh -c \'echo done >> ran\'", schedule: every 1s }\n';

test('two workspaces can be worked in at the same time, and know nothing of one another', async t => {
  const [first, second] = [ONE, ONE].map(yaml => temporaryWorkspace(t, { 'watchkeeper.yaml': yaml }));
  assert.ok(first && second);
  const [a, b] = [start(t, first.root), start(t, second.root)];
  await Promise.all([iterations(a, 2), iterations(b, 2)]);
  assert.equal((await a.stop()).code, 0);
  await iterations(b, 3);
  assert.equal((await b.stop()).code, 0);
});

test('a workspace has one supervisor, also when the second one comes over a link', async t => {
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': ONE.replace('1s', '1h') });
  const link = `${temporaryFolder(t)}/link`;
  symlinkSync(workspace.root, link);
  const supervisor = start(t, workspace.root);
  await iterations(supervisor, 1);
  assert.equal((await command(t, link, ['run', '--iterations', '1'])).code, 3);
  assert.equal((await command(t, link, ['trigger', 'one', '--wait'])).code, 0);
  await supervisor.stop();
});

test('a folder with spaces, quotes and letters of any language is a workspace like any other', async t => {
  const workspace = workspaceAt(`${temporaryFolder(t)}/my "pipeline's" $HOME – ü 時`);
  workspace.write('a b/script.mjs', 'console.log(process.cwd())\n');
  workspace.write(
    'watchkeeper.yaml',
    'modules:\n  deep: { command: node script.mjs, cwd: a b }\n  shell: { command: \'printf %s "$WATCHKEEPER_DATA_DIR"\', shell: true }\n',
  );
  workspace.git('init', '--quiet');
  workspace.git('add', '--all');
  workspace.git('commit', '--quiet', '--message=first');
  const { code, stdout, stderr } = await command(t, workspace.root, ['once']);
  assert.deepEqual([code, stderr], [0, ''], stdout);
  assert.match(stdout, /Performance OK {2}commit/);
  const said = (name: string) => readFileSync(workspace.path('logs', `${name}.log`), 'utf8').trimEnd();
  assert.ok(said('deep').endsWith(` | ${workspace.path('a b')}`), said('deep'));
  assert.ok(said('shell').endsWith(` | ${workspace.path('data')}`), said('shell'));
});

test('without a git repository all goes on, and it is said once that nothing is committed', async t => {
  const workspace = workspaceAt(temporaryFolder(t));
  workspace.write('watchkeeper.yaml', ONE);
  const { code, stdout, stderr } = await command(t, workspace.root, ['run', '--iterations', '2']);
  assert.equal(code, 0);
  assert.equal(stdout.match(/Performance OK$/gm)?.length, 2);
  assert.equal(stderr.match(/not in a git repository/g)?.length, 1);
});

test('with git.enabled: false nothing is committed, and nothing is said of it', async t => {
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': `${ONE}git: { enabled: false }\n` });
  const { code, stderr } = await command(t, workspace.root, ['once']);
  assert.deepEqual([code, stderr], [0, '']);
  assert.equal(workspace.git('log', '--format=%s').trim(), 'first');
});

test('a command is started as it is written: a list, words in quotes, a shell, another folder', async t => {
  const show = `console.log(JSON.stringify(process.argv.slice(2)))`;
  const workspace = temporaryWorkspace(t, {
    'show.mjs': show,
    'watchkeeper.yaml': `modules:
  list: { command: [node, show.mjs, "two words", "$HOME", "*", 7, true] }
  text: { command: node show.mjs "two words" 'it''s' $HOME * | wc }
  shell: { command: "node show.mjs $GREETING | tr a-z A-Z; exit 3", shell: true, env: { GREETING: hello } }
  below: { command: node ../show.mjs in a folder, cwd: below }
`.replace("'it''s'", `'it is'`),
  });
  mkdirSync(workspace.path('below'));
  const { code, stderr } = await command(t, workspace.root, ['once']);
  assert.equal(code, 1);
  assert.match(stderr, /modules\.text\.command: holds \|.*shell: true/);
  const said = (name: string) =>
    readFileSync(workspace.path('logs', `${name}.log`), 'utf8')
      .trimEnd()
      .split(' | ')
      .slice(1)
      .join(' | ');
  assert.equal(said('list'), '["two words","$HOME","*","7","true"]');
  assert.equal(said('text'), '["two words","it is","$HOME","*","|","wc"]');
  assert.equal(said('shell'), '["HELLO"]');
  assert.equal(said('below'), '["in","a","folder"]');
  const { modules } = JSON.parse(readFileSync(workspace.path('data/performance.json'), 'utf8'));
  assert.deepEqual([modules.shell.runs[0].outcome, modules.shell.runs[0].exitCode], ['error', 3]);
});

test('performance.json keeps as many runs as it is told, and counts over the whole life', async t => {
  const workspace = temporaryWorkspace(t, {
    'watchkeeper.yaml': `${ONE}history: { runs: 2 }\ngit: { enabled: false }\n`,
  });
  await command(t, workspace.root, ['run', '--iterations', '3']);
  const { historySize, modules } = JSON.parse(readFileSync(workspace.path('data/performance.json'), 'utf8'));
  assert.deepEqual([historySize, modules.one.successCount], [2, 3]);
  assert.deepEqual(
    modules.one.runs.map(({ iteration }: { iteration: number }) => iteration),
    [2, 3],
  );
});
