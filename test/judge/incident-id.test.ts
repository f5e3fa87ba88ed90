import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeTime, isValid, ulid } from 'ulid';
import { fnv1a128, incidentIdOf } from '../../src/judge/incident-id.ts';
import { fc } from '../helpers/properties.ts';

test('the hash gives the published values of FNV-1a with 128 bits', () => {
  // The golden values of Go's hash/fnv (fnv_test.go, golden128a).
  const golden: [text: string, hash: string][] = [
    ['', '6c62272e07bb014262b821756295c58d'],
    ['a', 'd228cb696f1a8caf78912b704e4a8964'],
    ['ab', '08809544bbab1be95aa0733055b69a62'],
    ['abc', 'a68d622cec8b5822836dbc7977af7f3b'],
  ];
  for (const [text, hash] of golden) assert.equal(fnv1a128(text).toString(16).padStart(32, '0'), hash);
});

test('an incident id is a ULID of the same time as its run, the same each time', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 47 }), fc.string({ unit: 'binary' }), (time, metric) => {
      const run = ulid(time);
      const id = incidentIdOf(run, metric);
      assert.ok(isValid(id));
      assert.equal(decodeTime(id), time);
      assert.equal(incidentIdOf(run, metric), id);
    }),
  );
});

test('other runs and other metrics have other ids', () => {
  const time = Date.UTC(2026, 10, 20);
  const ids = Array.from({ length: 2000 }, () => ulid(time)).flatMap(run =>
    ['runtimeSeconds', 'cpuPercent', 'a', 'b', ''].map(metric => incidentIdOf(run, metric)),
  );
  assert.equal(new Set(ids).size, 10_000);
});

test('every character of the hashed part is used about equally often', () => {
  const counts = new Map<string, number>();
  for (let n = 0; n < 4000; n += 1) {
    for (const [place, character] of [
      ...incidentIdOf('01JD0000000000000000000000', `m${n}`).slice(10),
    ].entries()) {
      const key = `${place}${character}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  assert.equal(counts.size, 16 * 32);
  for (const [key, count] of counts) assert.ok(count > 60 && count < 200, `${key} came ${count} times`);
});

test('a run id that is no ULID still gives an id of the right shape', () => {
  for (const run of ['', 'not-a-ulid', '../../etc/passwd', 'ILOU000000', '\n']) {
    assert.match(incidentIdOf(run, 'x'), /^0{10}[0-9A-HJKMNP-TV-Z]{16}$/);
  }
});
