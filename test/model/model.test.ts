import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seeded } from '../faults/seeded.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { checkModel, checkRecording, record } from './model.ts';
import { MUTATIONS } from './mutate.ts';
import type { Recording } from './operations.ts';
import { whyNoStrace } from './record-strace.ts';
import { SCENARIOS, scenarioNamed } from './scenarios.ts';
import { tellingMoments } from './select.ts';

failOnLeaks();

const SEED = 1;
const skip = whyNoStrace() ?? false;

const met = new Set<string>();

for (const { name, what } of SCENARIOS) {
  test(`whatever a crash leaves is opened, and nothing acknowledged is lost: ${what}`, {
    skip,
  }, async t => {
    const only = [name];
    const { problems, counts } = await checkModel({
      size: 'quick',
      seed: SEED,
      only,
      met,
      progress: () => {},
    });
    t.diagnostic(`${counts.faultsInjected} states after ${counts.killPoints} crashes`);
    assert.deepEqual(problems, []);
  });
}

test('the same without strace, as far as that goes: the small writers, and the order of things', async t => {
  const scenario = scenarioNamed('next');
  const recording = await record(scenario, false);
  const moments = tellingMoments(recording);
  const checked = await checkRecording(scenario, recording, moments, { size: 'quick' }, seeded(SEED));
  assert.deepEqual(checked.violations, []);
  t.diagnostic(`${checked.states} states after ${checked.crashes} crashes`);
});

test('both recorders see the same of the small writers', { skip }, async () => {
  const scenario = scenarioNamed('next');
  const [traced, watched] = [await record(scenario, true), await record(scenario, false)];
  assert.deepEqual(ownCalls(traced), ownCalls(watched));
  assert.ok(ownCalls(traced).length > 20);
});

for (const { what, expected, mutate } of MUTATIONS) {
  test(`a wrong protocol is found: ${what}`, { skip }, async () => {
    const scenario = scenarioNamed('next');
    const recording = await recorded();
    const wrong = { base: recording.base, operations: mutate(recording) };
    assert.notDeepEqual(wrong.operations, recording.operations, 'something was changed');
    const options = { size: 'quick' } as const;
    const checked = await checkRecording(scenario, wrong, tellingMoments(wrong), options, seeded(SEED), 1);
    const problems = checked.violations.flatMap(violation => violation.problems).join('\n');
    assert.match(problems, expected);
  });
}

let shared: Promise<Recording> | null = null;

/** One recording for all wrong protocols. */
function recorded(): Promise<Recording> {
  shared ??= record(scenarioNamed('next'), true);
  return shared;
}

/** What became of our own files, without what is random in it; SQLite's own are not watched. */
function ownCalls({ base, operations }: Recording): string[] {
  const names = new Map(base.map(({ node, path }) => [node, path]));
  const isOwn = (name: string): boolean => name !== '' && !/watchkeeper\.(?:db|gate)/.test(name);
  return operations.flatMap(operation => {
    if (operation.kind === 'create') names.set(operation.node, operation.path);
    if (operation.kind === 'mark' || operation.kind === 'given' || operation.kind === 'syncFolder') return [];
    const name =
      'from' in operation ? operation.to : 'path' in operation ? operation.path : names.get(operation.node);
    const isNote = name?.includes('owner.json') === true; // it holds a pid, which may have a digit more
    const bytes = operation.kind === 'write' && !isNote ? operation.data.length : '';
    return isOwn(name ?? '') ? [`${operation.kind} ${name?.replaceAll(/[0-9a-f]{16}/g, '*')} ${bytes}`] : [];
  });
}
