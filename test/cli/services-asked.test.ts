import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { openWorkspace } from '../../src/workspace.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { HOUR_MS, record, samples } from '../questions/histories.ts';
import { answered, refused, workspaceToAsk } from './asked.ts';

failOnLeaks();

const YAML = `git: { enabled: false }
modules: { collector: { command: "true" } }
services:
  feed: { command: sleep 600 }
  new: { command: sleep 600 }
`;

/** A module with a run, a service that leaks for 30 hours, and one of which nothing is known yet. */
function workspace(t: TestContext) {
  const asked = workspaceToAsk(t, YAML);
  const part = { everyMs: HOUR_MS / 2, endMs: Date.now() };
  record(asked.store, 'collector', [{}], part);
  const halves = Array.from({ length: 60 }, (_, half) => half);
  const sampled = (metric: string, ofHalf: (half: number) => number) =>
    samples({ source: 'feed', metric }, halves.map(ofHalf), part);
  asked.store.addSamples([
    ...sampled('memoryMb', half => 50 + half),
    ...sampled('uptimeSeconds', half => half * 1_800),
  ]);
  return asked;
}

test('what is known of a service is told of it', async t => {
  const { ask } = workspace(t);
  const found = JSON.parse(await answered(ask('recommend', '--module', 'feed', '--json')));
  assert.deepEqual(
    found.findings.map(({ id }: { id: string }) => id),
    ['feed.memory-growth'],
  );
  assert.match(await answered(ask('recommend', '--module', 'new')), /^nothing to recommend/);
  assert.match(await answered(ask('trends', 'feed')), /\nfeed\.memoryMb +rising/);
  assert.match(await answered(ask('forecast', 'feed.memoryMb')), /^feed\.memoryMb, from 60 value/);
});

test('what is asked of runs says that a service has none, and what tells of it', async t => {
  const { ask } = workspace(t);
  for (const service of ['feed', 'new'])
    for (const [command = '', ...args] of [
      ['anomalies', '--module', service],
      ['check-regression', service],
      ['compare', 'collector', service],
      ['export', '--module', service],
      ['set-baseline', service],
      ['set-baseline', service, '--memory', '60'],
      ['train', service],
    ])
      await refused(
        ask(command, ...args),
        new RegExp(`${service} is a service, which has no runs .*: \`trends\`, .* tell of it`),
      );
  await refused(ask('bench', 'feed'), /no module 'feed': it is a service, which is kept running and has no/);
  await refused(ask('baselines', 'rm', 'feed'), /no baseline of feed was set/);
  await refused(ask('trends', 'new'), /no run of 'new' is recorded: .* and no sample: those are of feed$/m);
});

test('a name that is none of both is refused with those that there are', async t => {
  const { ask } = workspace(t);
  await refused(
    ask('recommend', '--module', 'fed'),
    /there is no module or service 'fed' \(did you mean `feed`\?\): the modules are collector, the services feed, new$/m,
  );
  await refused(ask('anomalies', '--module', 'fed'), /no module 'fed': the modules are collector$/m);
});

test('the library says of what has samples alone what tells of it', async t => {
  const { root } = workspace(t);
  using asked = await openWorkspace(root);
  for (const ask of [
    () => asked.checkRegression({ module: 'feed' }),
    () => asked.compare({ modules: ['collector', 'feed'] }),
    () => asked.setBaseline({ module: 'feed' }),
  ])
    assert.throws(ask, {
      code: 'usage',
      message: /of its samples \(memoryMb, uptimeSeconds\) trends and forecasts tell/,
    });
});
