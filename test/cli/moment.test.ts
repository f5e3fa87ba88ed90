import assert from 'node:assert/strict';
import { test } from 'node:test';
import { momentOption } from '../../src/cli/moment.ts';

const NOW = Date.UTC(2026, 10, 20, 12);
const HOUR = 3_600_000;

test('a duration counts back from now', () => {
  assert.equal(momentOption('--since', '24h', NOW), NOW - 24 * HOUR);
  assert.equal(momentOption('--since', '0', NOW), NOW);
});

test('a day begins at midnight in UTC, a time is in the zone that it names', () => {
  assert.equal(momentOption('--since', '2026-11-01', NOW), Date.UTC(2026, 10, 1));
  assert.equal(momentOption('--since', '2026-11-20T11:00Z', NOW), NOW - HOUR);
  assert.equal(momentOption('--since', '2026-11-20T12:00:00.5+01:00', NOW), NOW - HOUR + 500);
});

test('what names no moment is refused', () => {
  for (const text of [
    '',
    'yesterday',
    '24',
    '2026',
    '2026-11-01T12:00',
    '2026-02-30',
    '2026-13-01',
    '1 Nov 2026',
    '-1h',
  ])
    assert.throws(
      () => momentOption('--until', text, NOW),
      /^WatchkeeperError: --until takes a duration/,
      text,
    );
});
