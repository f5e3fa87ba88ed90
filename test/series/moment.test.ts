import assert from 'node:assert/strict';
import { test } from 'node:test';
import { momentOf } from '../../src/series/moment.ts';

const NOON_MS = Date.UTC(2026, 10, 20, 12);

test('a date with a time of day and no zone is UTC, in whatever zone this runs', () => {
  assert.equal(momentOf('2026-11-20 12:00:00'), NOON_MS);
  assert.equal(momentOf('2026-11-20T12:00'), NOON_MS);
  assert.equal(momentOf('2026-11-20T12:00:00Z'), NOON_MS);
  assert.equal(momentOf('2026-11-20T14:00:00+02:00'), NOON_MS);
});

test('a number is seconds since 1970, and milliseconds where it is too large for that', () => {
  assert.equal(momentOf(NOON_MS / 1000), NOON_MS);
  assert.equal(momentOf(String(NOON_MS)), NOON_MS);
});

test('what is no moment is null', () => {
  for (const given of [null, '', 'yesterday', '2026-13-45']) assert.equal(momentOf(given), null);
});
