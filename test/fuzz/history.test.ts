import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failOnLeaks } from '../helpers/leaks.ts';
import { fc } from '../helpers/properties.ts';
import { type Files, goodFiles, takenOver } from './histories.ts';
import { MUTATIONS, mutated, ODD_VALUE } from './mutations.ts';
import { askedRuns, holds } from './property.ts';

failOnLeaks();

const GOOD = goodFiles();
const WHOLE = takenOver(GOOD);
const ALL_RUNS = [...WHOLE.runs.values()].flat();

/** Nothing is lost: what was not taken over lies beside, byte for byte. */
function nothingIsLost({ performance, log }: Files): void {
  const { messages, runs, lines, aside } = takenOver({ performance, log });
  const [first = ''] = messages;
  if (/set aside as/.test(first)) {
    assert.deepEqual(aside.get('performance.json'), performance);
    assert.equal([...runs.values()].flat().length, 0, 'nothing of it is believed');
  } else if (/passed over/.test(messages.join())) {
    assert.deepEqual(aside.get('performance.json'), performance);
  } else {
    // With a byte order mark all of it is taken over, and it is set aside when it is written anew.
    assert.deepEqual(aside.get('performance.json') ?? performance, performance);
  }
  const kept = aside.get('anomalies.log');
  if (kept !== undefined) assert.deepEqual(kept, log);
  else
    assert.ok(
      lines
        .map(line => `${line}\n`)
        .join('')
        .startsWith(log.toString()),
    );
}

test('the whole history comes back from good files', () => {
  assert.equal(ALL_RUNS.length, 26);
  assert.deepEqual(WHOLE.messages, ['history taken over from performance.json: 26 runs']);
  assert.ok(WHOLE.lines.length >= 8 && WHOLE.aside.size === 0);
});

test('whatever has happened to performance.json, good runs are kept or the file is set aside', async t => {
  await holds(
    t,
    MUTATIONS,
    mutations => nothingIsLost({ ...GOOD, performance: mutated(GOOD.performance, mutations) }),
    {
      share: 0.2,
    },
  );
});

test('whatever has happened to anomalies.log, it is completed or set aside, and written anew', async t => {
  await holds(t, MUTATIONS, mutations => nothingIsLost({ ...GOOD, log: mutated(GOOD.log, mutations) }), {
    share: 0.1,
  });
});

test('both files may be bent at once', async t => {
  await holds(
    t,
    fc.tuple(MUTATIONS, MUTATIONS),
    ([first, second]) =>
      nothingIsLost({ performance: mutated(GOOD.performance, first), log: mutated(GOOD.log, second) }),
    { share: 0.1 },
  );
});

test('one wrong run does not take another one with it', async t => {
  const lines = GOOD.performance.toString().split('\n');
  const places = [...lines.keys()].filter(index => lines[index]?.includes('"outcome"'));
  await holds(
    t,
    fc.tuple(fc.constantFrom(...places), ODD_VALUE),
    ([place, mutation]) => {
      const line = mutated(Buffer.from(lines[place] ?? ''), [mutation]).toString();
      const performance = Buffer.from(lines.with(place, line).join('\n'));
      if (!isJson(performance)) return;
      const runs = [...takenOver({ ...GOOD, performance }).runs.values()].flat();
      const missing = ALL_RUNS.filter(({ id }) => !runs.some(run => run.id === id));
      assert.ok(
        missing.length <= 1 && missing.every(({ id }) => lines[place]?.includes(id)),
        JSON.stringify(missing),
      );
    },
    { share: 0.1 },
  );
});

function isJson(bytes: Buffer): boolean {
  try {
    return JSON.parse(bytes.toString()) !== null;
  } catch {
    return false;
  }
}

test('a performance.json that is cut off anywhere is set aside', async t => {
  await everyCut(t, GOOD.performance.length - 1, end => {
    const performance = GOOD.performance.subarray(0, end);
    const { runs, aside } = takenOver({ ...GOOD, performance });
    assert.deepEqual(aside.get('performance.json'), performance);
    assert.equal([...runs.values()].flat().length, 0);
  });
});

test('an anomalies.log that is cut off anywhere keeps its whole lines, and is completed or set aside', async t => {
  await everyCut(t, GOOD.log.length, end => {
    const log = GOOD.log.subarray(0, end);
    const { lines } = takenOver({ ...GOOD, log });
    const isComplete = GOOD.log[end] === 10; // only the line break is missing
    assert.equal(lines.length, log.toString().split('\n').length - (isComplete ? 0 : 1));
  });
});

/** In the long version at each byte, else at some. */
async function everyCut(
  t: Parameters<typeof holds>[0],
  most: number,
  check: (end: number) => void,
): Promise<void> {
  const every = (askedRuns() ?? 0) >= 20_000;
  if (every) for (let end = 0; end < most; end += 1) check(end);
  else await holds(t, fc.nat(most - 1), check, { share: 0.04 });
}

test('a run that stands in the file twice counts once, and a copy of the file is kept', () => {
  const text = GOOD.performance.toString();
  const run = text.split('\n').find(line => line.includes('"runtimeSeconds":3')) ?? '';
  const doubled = Buffer.from(text.replaceAll(run, `${run}\n${run.includes(', {') ? run : `, ${run}`}`));
  const { runs, aside } = takenOver({ ...GOOD, performance: doubled });
  assert.equal([...runs.values()].flat().length, ALL_RUNS.length);
  assert.ok(aside.has('performance.json'), 'and a copy is kept');
});

test('a line of anomalies.log that its own schema refuses is no event', () => {
  for (const [from, to] of [
    ['"thresholdPercent":25', '"thresholdPercent":-1'],
    [/"message":"[^"]*"/, '"message":""'],
  ] as const) {
    const log = Buffer.from(GOOD.log.toString().replace(from, to));
    assert.notDeepEqual(log, GOOD.log);
    const { lines, aside } = takenOver({ ...GOOD, log });
    assert.equal(lines.length, WHOLE.lines.length - 1);
    assert.deepEqual(aside.get('anomalies.log'), log);
  }
});
