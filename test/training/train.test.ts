import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { LSTM_SETTINGS } from '../../src/detect/lstm/model.ts';
import { type Epoch, train } from '../../src/detect/lstm/train.ts';
import { trainInWorker } from '../../src/training/train.ts';
import { pairSeries, QUICK, requestFor } from '../detect/lstm/series.ts';
import { failOnLeaks } from '../helpers/leaks.ts';

failOnLeaks();

/** Would take an hour. */
const ENDLESS = requestFor(pairSeries(1_000, 1_000, 1), { ...LSTM_SETTINGS, epochs: 50_000 });

test('the thread trains the same model as we would, and tells each epoch', async () => {
  const request = requestFor(pairSeries(260, 260, 1));
  const epochs: Epoch[] = [];
  const result = await trainInWorker(request, { onEpoch: epoch => epochs.push(epoch), holdsProcess: true });
  assert.deepEqual(result, { status: 'trained', model: train(request) });
  assert.deepEqual(
    epochs.map(({ epoch, of }) => [epoch, of]),
    [
      [1, 2],
      [2, 2],
    ],
  );
});

test('we go on with other things while it trains', async () => {
  const stop = new AbortController();
  let ended = false;
  const training = trainInWorker(ENDLESS, { signal: stop.signal }).finally(() => {
    ended = true;
  });
  for (let turn = 0; turn < 5; turn += 1) await sleep(20);
  assert.equal(ended, false);
  stop.abort();
  assert.deepEqual(await training, { status: 'cancelled' });
});

test('it can be cancelled before it begins, in the middle and after its end', async () => {
  assert.deepEqual(await trainInWorker(ENDLESS, { signal: AbortSignal.abort() }), { status: 'cancelled' });
  const stop = new AbortController();
  const result = await trainInWorker(ENDLESS, { signal: stop.signal, onEpoch: () => stop.abort() });
  assert.deepEqual(result, { status: 'cancelled' });
  const late = new AbortController();
  const { status } = await trainInWorker(requestFor(pairSeries(220, 220, 1)), { signal: late.signal });
  late.abort();
  assert.equal(status, 'trained');
});

test('a history too short is told as such', async () => {
  assert.deepEqual(await trainInWorker(requestFor(pairSeries(200, 200, 1))), { status: 'too-short' });
});

test('an error in the thread, and a request that cannot be sent to it, are results', async () => {
  const broken = { ...requestFor(pairSeries(220, 220, 1)), settings: { ...QUICK, hidden: -1 } };
  const thrown = await trainInWorker(broken);
  assert.ok(thrown.status === 'failed' && thrown.message.length > 0, JSON.stringify(thrown));
  const unsendable = { ...requestFor(pairSeries(220, 220, 1)), trainedAt: (() => '') as unknown as string };
  const refused = await trainInWorker(unsendable);
  assert.ok(refused.status === 'failed' && /could not be cloned/.test(refused.message));
});

/** Of each thread of this process, by the kernel. */
function nicenesses(): number[] {
  return readdirSync('/proc/self/task').map(thread => {
    const stat = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
  });
}

const onLinux = { skip: process.platform !== 'linux' };

test(
  'the thread leaves the processor to others, and the rest of the process keeps its priority',
  onLinux,
  async () => {
    const usual = getPriority();
    const stop = new AbortController();
    let during: number[] = [];
    const onEpoch = (): void => {
      during = nicenesses();
      stop.abort();
    };
    await trainInWorker(ENDLESS, { signal: stop.signal, onEpoch });
    const lower = Math.min(usual + 10, 19);
    assert.equal(during.filter(niceness => niceness === lower).length, 1, String(during));
    assert.equal(getPriority(), usual);
  },
);

/** A process of its own that begins a training that would take an hour. */
function processThatTrains(options: string): { status: number | null; said: string } {
  const script = `
    import { trainInWorker } from ${JSON.stringify(new URL('../../src/training/train.ts', import.meta.url).href)};
    const history = Array.from({ length: 400 }, (_, index) => [index % 7, index % 5]);
    const settings = ${JSON.stringify({ ...QUICK, epochs: 3_000_000 })};
    const request = { history, metrics: ['a', 'b'], settings, seed: 1, trainedAt: 'now' };
    void trainInWorker(request, ${options}).then(({ status }) => console.log(status));
    setTimeout(() => console.log('done'), 300);
  `;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { status, said: stdout + stderr };
}

test('a process that has nothing else to do ends while the thread still trains', () => {
  assert.deepEqual(processThatTrains('{}'), { status: 0, said: 'done\n' });
});

test('on request the process stays for the result', () => {
  const { status, said } = processThatTrains('{ holdsProcess: true, signal: AbortSignal.timeout(600) }');
  assert.deepEqual([status, said], [0, 'done\ncancelled\n']);
});
