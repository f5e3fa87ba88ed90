import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  isComingUp,
  newLife,
  nextStep,
  type ServiceEffect,
  type ServiceEvent,
  type ServiceLife,
  type ServiceRules,
} from '../../src/run/service-life.ts';

const RULES: ServiceRules = { name: 'feed', health: null, restartDelayMs: 1_000, maxRestartDelayMs: 60_000 };
const CHECKED: ServiceRules = {
  ...RULES,
  health: { url: 'http://127.0.0.1:1/', everyMs: 10_000, timeoutMs: 2_000, failures: 3 },
};

const good: ServiceEvent = { kind: 'checked', problem: null };
const bad: ServiceEvent = { kind: 'checked', problem: 'it was answered with 503' };
const died: ServiceEvent = { kind: 'ended', problem: 'it ended with exit code 1', permanent: false };
const missing: ServiceEvent = { kind: 'ended', problem: 'there is no such program', permanent: true };

interface Played {
  life: ServiceLife;
  /** Of the last event. */
  effects: ServiceEffect[];
}

/** A service through events, each with the second in which it comes. */
function play(rules: ServiceRules, ...events: [number, ServiceEvent | 'start' | 'due' | 'stop'][]): Played {
  let played: Played = { life: newLife(), effects: [] };
  for (const [second, event] of events) {
    played = nextStep(
      played.life,
      typeof event === 'string' ? { kind: event } : event,
      rules,
      second * 1_000,
    );
  }
  return played;
}

function kinds({ effects }: Played): string[] {
  return effects.map(effect => effect.kind);
}

function delay({ effects }: Played): number | null {
  const timed = effects.find(effect => effect.kind === 'wait' || effect.kind === 'check');
  return timed?.kind === 'wait' || timed?.kind === 'check' ? timed.afterMs : null;
}

test('a start spawns the process and looks after it soon', () => {
  const started = play(CHECKED, [0, 'start']);
  assert.equal(started.life.status, 'starting');
  assert.deepEqual(kinds(started), ['spawn', 'check']);
  assert.ok((delay(started) ?? Number.NaN) <= 250);
});

test('without a health check a service runs once it has lived a moment', () => {
  const running = play(RULES, [0, 'start'], [0.25, good]);
  assert.equal(running.life.status, 'running');
  assert.deepEqual(kinds(running), ['tell']);
});

test('with a health check it is healthy from the first good answer on, and is then asked at its own pace', () => {
  const healthy = play(CHECKED, [0, 'start'], [0.2, bad], [0.4, good]);
  assert.equal(healthy.life.status, 'healthy');
  assert.equal(delay(healthy), 10_000);
});

test('failed checks do not count while it starts, and are repeated quickly', () => {
  const still = play(CHECKED, [0, 'start'], [10, bad], [20, bad], [25, bad], [29, bad]);
  assert.equal(still.life.status, 'starting');
  assert.deepEqual(kinds(still), ['check']);
  assert.equal(delay(still), 200);
});

test('a start that takes longer than 30 s, or than all its checks would, has failed', () => {
  const late = play(CHECKED, [0, 'start'], [30, bad]);
  assert.equal(late.life.status, 'unhealthy');
  assert.deepEqual(kinds(late), ['tell', 'end']);
  const slow = { ...CHECKED, health: { url: '', everyMs: 30_000, timeoutMs: 1_000, failures: 4 } };
  assert.equal(play(slow, [0, 'start'], [119, bad]).life.status, 'starting');
  assert.equal(play(slow, [0, 'start'], [120, bad]).life.status, 'unhealthy');
});

test('so many failed checks in a row make it unhealthy, one good one in between does not', () => {
  const up: [number, ServiceEvent | 'start'][] = [
    [0, 'start'],
    [1, good],
  ];
  assert.equal(
    play(CHECKED, ...up, [11, bad], [21, bad], [31, good], [41, bad], [51, bad]).life.status,
    'healthy',
  );
  const unhealthy = play(CHECKED, ...up, [11, bad], [21, bad], [31, bad]);
  assert.equal(unhealthy.life.status, 'unhealthy');
  assert.deepEqual(kinds(unhealthy), ['tell', 'end']);
  assert.match(unhealthy.life.problem ?? '', /503, 3 time/);
});

test('an unhealthy service is restarted once it has ended, and what was wrong with it is remembered', () => {
  const end: ServiceEvent = { kind: 'ended', problem: 'it was ended by SIGTERM', permanent: false };
  const waiting = play(CHECKED, [0, 'start'], [1, good], [11, bad], [21, bad], [31, bad], [32, end]);
  assert.equal(waiting.life.status, 'waiting');
  assert.deepEqual(kinds(waiting), ['tell', 'wait']);
  assert.match(waiting.life.problem ?? '', /503/);
});

test('the delay before a restart doubles up to its limit', () => {
  const delays: (number | null)[] = [];
  let life = play(RULES, [0, 'start']).life;
  for (let n = 0; n < 8; n += 1) {
    const ended = nextStep(life, died, RULES, 0);
    delays.push(delay(ended));
    life = nextStep(ended.life, { kind: 'due' }, RULES, 0).life;
  }
  assert.deepEqual(delays, [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  assert.equal(life.restartCount, 8);
});

test('the delay begins anew after a service was up for longer than the longest delay', () => {
  const fell: [number, ServiceEvent | 'start' | 'due'][] = [
    [0, 'start'],
    [1, died],
    [2, 'due'],
    [3, died],
    [5, 'due'],
  ];
  assert.equal(delay(play(RULES, ...fell, [6, good], [66, died])), 4_000);
  assert.equal(delay(play(RULES, ...fell, [6, good], [67, died])), 1_000);
});

test('a delay of nothing still lets others run', () => {
  const eager = { ...RULES, restartDelayMs: 0, maxRestartDelayMs: 0 };
  assert.equal(delay(play(eager, [0, 'start'], [1, died])), 100);
});

test('what cannot be started is tried with the longest delay, and is told once', () => {
  const first = play(RULES, [0, 'start'], [0, missing]);
  assert.deepEqual(kinds(first), ['tell', 'wait']);
  assert.equal(delay(first), 60_000);
  const second = play(RULES, [0, 'start'], [0, missing], [60, 'due'], [60, missing]);
  assert.deepEqual(kinds(second), ['wait']);
  assert.equal(delay(second), 60_000);
});

test('what cannot be started is not on its way up, what dies is', () => {
  const comesUp = ({ life }: Played): boolean => isComingUp(life);
  assert.equal(comesUp(play(RULES, [0, 'start'])), true);
  assert.equal(comesUp(play(RULES, [0, 'start'], [1, good])), false);
  assert.equal(comesUp(play(RULES, [0, 'start'], [1, died])), true);
  assert.equal(comesUp(play(RULES, [0, 'start'], [0, missing])), false);
  assert.equal(comesUp(play(RULES, [0, 'start'], [0, missing], [60, 'due'])), true);
  assert.equal(comesUp(play(RULES, [0, 'start'], [0, missing], [60, 'due'], [61, died])), true);
  assert.equal(comesUp(play(RULES, [0, 'start'], [1, died], [1, 'stop'])), false);
});

test('a stop ends what runs, and nothing starts again', () => {
  const stopped = play(RULES, [0, 'start'], [1, good], [2, 'stop']);
  assert.equal(stopped.life.status, 'stopped');
  assert.deepEqual(kinds(stopped), ['end']);
  assert.deepEqual(kinds({ ...stopped, ...nextStep(stopped.life, died, RULES, 3_000) }), []);
  assert.deepEqual(kinds(play(RULES, [0, 'start'], [1, died], [2, 'stop'])), []);
  assert.deepEqual(kinds(play(RULES, [0, 'start'], [1, died], [2, 'stop'], [3, 'due'])), []);
});

test('an event that comes too late changes nothing', () => {
  const waiting = play(CHECKED, [0, 'start'], [1, died]);
  for (const event of [good, bad, { kind: 'start' } as const]) {
    assert.deepEqual(nextStep(waiting.life, event, CHECKED, 2_000), { life: waiting.life, effects: [] });
  }
});
