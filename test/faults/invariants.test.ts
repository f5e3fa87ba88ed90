import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { failOnLeaks } from '../helpers/leaks.ts';
import { TWO_STEPS } from '../helpers/steps.ts';
import { temporaryFolder } from '../helpers/workspace.ts';
import { openContext } from './context.ts';
import { Witness } from './invariants.ts';
import { type Pipeline, pipeline } from './pipeline.ts';

failOnLeaks();

/** Judged from the second run on, so that four runs make an incident. */
const YAML = TWO_STEPS.replace('window: 2', 'window: 1');

interface Seen {
  line: Pipeline;
  witness: Witness;
}

/** A workspace in which all is well (some iterations, an incident, commits), and a witness of it, each time afresh. */
async function wellWorkspace(t: TestContext): Promise<() => Seen> {
  const signal = new AbortController().signal;
  const { context, close } = openContext({ size: 'quick', seed: 1, progress: () => undefined, signal });
  t.after(close);
  const line = pipeline(context, { yaml: YAML });
  let said = '';
  for (let iteration = 1; iteration <= 4; iteration += 1)
    said += (await context.start(line.workspace.root, ['once', '--json']).ended).stdout;
  const kept = temporaryFolder(t);
  cpSync(context.folder, kept, { recursive: true });
  return () => {
    rmSync(context.folder, { recursive: true });
    cpSync(kept, context.folder, { recursive: true, preserveTimestamps: true });
    const witness = new Witness(line);
    witness.hear(said);
    witness.look();
    return { line, witness };
  };
}

const edited = (file: string, edit: (text: string) => string) => (seen: Seen) => {
  const path = seen.line.workspace.path(file);
  writeFileSync(path, edit(readFileSync(path, 'utf8')));
};

const inStore = (sql: string) => (seen: Seen) => {
  const database = new DatabaseSync(seen.line.workspace.path('data/watchkeeper.db'));
  database.exec(sql);
  database.close();
};

const LAST_RUN = '(SELECT max(seq) FROM runs)';

/** What is done to the workspace, and what the witness must say of it. */
const WRONGS: [string, RegExp, (seen: Seen) => void][] = [
  ['a run is lost', /was shown and is lost/, inStore(`DELETE FROM runs WHERE seq = ${LAST_RUN}`)],
  [
    'a run is changed',
    /is not what it was shown as/,
    inStore(`UPDATE runs SET record = replace(record, '"attempt":1', '"attempt":2') WHERE seq = ${LAST_RUN}`),
  ],
  [
    'a label of a run is changed',
    /is not what it was shown as/,
    inStore(`UPDATE runs SET record = replace(record, '"turn":"', '"turn":"1') WHERE seq = ${LAST_RUN}`),
  ],
  [
    'a figure that a run need not have is lost',
    /is not what it was shown as/,
    inStore(`UPDATE runs SET record = json_remove(record, '$.setupSeconds') WHERE seq = ${LAST_RUN}`),
  ],
  [
    'a run is begun for ever',
    /was begun and is not recorded/,
    inStore(`INSERT INTO begun VALUES ('X', '{}')`),
  ],
  ['a count is wrong', /is counted/, inStore('UPDATE modules SET successCount = successCount + 1')],
  [
    'a run is rolled up twice',
    /the roll-ups hold 5 runs of first, and should 4/,
    inStore(
      `UPDATE rollups SET count = count + 1 WHERE startMs = (SELECT max(startMs) FROM rollups AS r WHERE r.bucketMs = rollups.bucketMs AND r.series = rollups.series) AND series IN (SELECT id FROM series WHERE source = 'first' AND metric = '@ok')`,
    ),
  ],
  [
    'an hour of the roll-ups is lost',
    /hold \d+ values in their days and 0 in their hours/,
    inStore('DELETE FROM rollups WHERE bucketMs = 3600000'),
  ],
  [
    'a change is told twice',
    /change X is told 2 times/,
    seen => {
      const line = JSON.stringify({
        event: 'change',
        incident: 'X',
        module: 'first',
        metric: 'rows',
        runsOpen: 0,
      });
      for (let times = 0; times < 2; times += 1)
        inStore(`INSERT INTO events (timeMs, event, line) VALUES (0, 'change', '${line}')`)(seen);
      edited('data/anomalies.log', text => `${text}${line}\n${line}\n`)(seen);
    },
  ],
  ['an event is lost', /an event was shown and is lost/, inStore('DELETE FROM events WHERE seq = 1')],
  [
    'performance.json is cut off',
    /performance\.json is no JSON/,
    edited('data/performance.json', text => text.slice(0, -20)),
  ],
  [
    'performance.json is of yesterday',
    /performance\.json has/,
    edited('data/performance.json', text => text.replace(/\n {6}, \{[^\n]*/, '')),
  ],
  [
    'status.json has a wrong type',
    /status does not fit/,
    edited('data/status.json', text => text.replace('"iterations": 4', '"iterations": "4"')),
  ],
  [
    'status.json is of yesterday',
    /3 iterations, store: 4/,
    edited('data/status.json', text => text.replace('"iterations": 4', '"iterations": 3')),
  ],
  [
    'a line of the log is missing',
    /anomalies\.log has/,
    edited('data/anomalies.log', text => text.slice(text.indexOf('\n') + 1)),
  ],
  [
    'the log ends inside a line',
    /ends inside a line/,
    edited('data/anomalies.log', text => text.slice(0, -5)),
  ],
  [
    "a user's file is touched",
    /notes\.txt, a file of the user's/,
    edited('notes.txt', text => `${text}more`),
  ],
  [
    'what was staged is not any more',
    /git status was/,
    ({ line }) => void line.workspace.git('reset', '--quiet'),
  ],
  [
    'a commit is lost',
    /was shown and is lost/,
    ({ line }) => void line.workspace.git('reset', '--quiet', '--soft', 'HEAD~1'),
  ],
  ['an object of git is missing', /git fsck/, ({ line }) => removeBlob(line)],
  [
    'a lock of git is left',
    /left: \.git\/index\.lock/,
    ({ line }) => line.workspace.write('.git/index.lock', ''),
  ],
  [
    'the lock is left',
    /left: data\/watchkeeper\.lock/,
    ({ line }) => mkdirSync(line.workspace.path('data/watchkeeper.lock')),
  ],
  ['a temporary file is left', /left: data\/\.x\.tmp/, ({ line }) => line.workspace.write('data/.x.tmp', '')],
  [
    'a run began that nobody knows',
    /began and is not recorded/,
    ({ line }) => appendFileSync(line.markOf('first'), 'NOBODY\n'),
  ],
  ['something ran twice', /first ran twice/, ({ line }) => appendFileSync(line.markOf('twice'), 'first\n')],
];

/** Loose, because a repository so young has no packs. */
function removeBlob({ workspace }: Pipeline): void {
  const id = workspace.git('rev-parse', 'HEAD:step.sh').trim();
  rmSync(workspace.path('.git/objects', id.slice(0, 2), id.slice(2)));
}

test('the witness finds nothing in a workspace in which all is well, and each wrong that is done to it', async t => {
  const afresh = await wellWorkspace(t);
  const { line, witness } = afresh();
  const { problems, counts } = await witness.verdict();
  assert.deepEqual(problems, []);
  assert.equal(counts.runsLost, 0);
  assert.ok(counts.runsAcknowledged >= 8);
  assert.match(readFileSync(line.workspace.path('data/anomalies.log'), 'utf8'), /"event":"anomaly"/);
  for (const [what, expected, act] of WRONGS) {
    const seen = afresh();
    act(seen);
    const found = await seen.witness.verdict();
    assert.match(found.problems.join('\n'), expected, what);
  }
  assert.match(await problemsWithProcess(afresh()), /still running: \d+ \/bin\/sleep 60/);
});

async function problemsWithProcess({ line, witness }: Seen): Promise<string> {
  const env = { WATCHKEEPER_DATA_DIR: line.workspace.path('data') };
  const child = spawn('/bin/sleep', ['60'], { env, stdio: 'ignore' });
  const ended = once(child, 'close');
  const { problems } = await witness.verdict();
  child.kill();
  await ended;
  return problems.join('\n');
}
