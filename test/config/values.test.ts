import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDuration, parseSize } from '../../src/config/duration.ts';
import { isBranchRef, isTimezone } from '../../src/config/names.ts';
import { parseSchedule } from '../../src/config/schedule.ts';
import { didYouMean } from '../../src/config/suggest.ts';
import { durationText } from '../../src/duration-text.ts';
import { fc } from '../helpers/properties.ts';

test('durations are numbers with units, the largest first', () => {
  const good: Record<string, number> = {
    '500ms': 500,
    '30s': 30_000,
    '2m': 120_000,
    '1h': 3_600_000,
    '7d': 604_800_000,
    '1m30s': 90_000,
    '1m 30s': 90_000,
    '1d2h3m4s5ms': 93_784_005,
    '1.5h': 5_400_000,
    '0.25s': 250,
    '1m5ms': 60_005,
    '0': 0,
    '0s': 0,
    '00s': 0,
  };
  for (const [text, ms] of Object.entries(good)) assert.equal(parseDuration(text), ms, text);
});

test('what is no duration is none', () => {
  const bad = [
    '',
    ' ',
    '1',
    '-1s',
    '+1s',
    '1S',
    '1M',
    '30 seconds',
    '1s1m',
    '1s1s',
    's',
    '.5s',
    '1.s',
    '1e3s',
    '1,5s',
    '١s',
    '1y',
    '1w',
    ' 1s',
    '1s\n2',
  ];
  for (const text of bad) assert.equal(parseDuration(text), null, JSON.stringify(text));
});

test('a duration that is written for a person is read as the same one', () => {
  assert.equal(durationText(0), '0');
  assert.equal(durationText(90_000), '90s');
  assert.equal(durationText(86_400_000), '1d');
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e12 }), ms => {
      assert.equal(parseDuration(durationText(ms)), ms);
    }),
  );
});

test('sizes are numbers with units, in powers of 1000', () => {
  const good: Record<string, number> = {
    '1B': 1,
    '500kB': 500_000,
    '500KB': 500_000,
    '10MB': 1e7,
    '1.5 GB': 1.5e9,
  };
  for (const [text, bytes] of Object.entries(good)) assert.equal(parseSize(text), bytes, text);
  for (const text of ['', '1', '10M', '10mb', '10MiB', '-1MB', 'MB', '1e3MB'])
    assert.equal(parseSize(text), null, text);
});

test('cron expressions come out with single spaces and without nicknames', () => {
  const good: Record<string, string> = {
    '*/5 * * * *': '*/5 * * * *',
    '  0   4 *  * 1 ': '0 4 * * 1',
    '*/10 * * * * *': '*/10 * * * * *',
    '0 0 1,15 jan-mar MON-FRI': '0 0 1,15 jan-mar MON-FRI',
    '0 22-2 * * *': '0 22-2 * * *',
    '0 0 29 2 *': '0 0 29 2 *',
    '0 0 L * *': '0 0 L * *',
    '@hourly': '0 * * * *',
    '@daily': '0 0 * * *',
    '@midnight': '0 0 * * *',
    '@weekly': '0 0 * * 0',
    '@Monthly': '0 0 1 * *',
    '@yearly': '0 0 1 1 *',
    '@annually': '0 0 1 1 *',
  };
  for (const [text, expression] of Object.entries(good)) {
    assert.deepEqual(parseSchedule(text), { kind: 'cron', expression }, text);
  }
});

test('an interval is at least a second, and none is none', () => {
  assert.deepEqual(parseSchedule('every 30s'), { kind: 'every', intervalMs: 30_000 });
  assert.deepEqual(parseSchedule('every  1h30m'), { kind: 'every', intervalMs: 5_400_000 });
  assert.deepEqual(parseSchedule('every 1s'), { kind: 'every', intervalMs: 1_000 });
  assert.equal(parseSchedule('none'), null);
  for (const text of [
    'every',
    'every 0',
    'every 999ms',
    'every 30',
    'every day',
    'every 367d',
    'Every 30s',
  ]) {
    assert.equal(typeof parseSchedule(text), 'string', text);
  }
});

test('what is no cron expression is told, whatever it is', () => {
  const bad = [
    '',
    ' ',
    '* * * *',
    '60 * * * *',
    '* * 0 * *',
    '* * * 13 *',
    '* * * * 8',
    '*/0 * * * *',
    '5/15 * * * *',
    '1,,2 * * * *',
    '0-999999999 * * * *',
    '@reboot',
    '@',
    'x x x x x',
    '0 0 31 4 *',
    '* * * * * * *',
    '<img>',
  ];
  for (const text of bad) assert.equal(typeof parseSchedule(text), 'string', JSON.stringify(text));
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'0123456789*/,-#?LW@ abcjanmon\t\n') }), text => {
      parseSchedule(text); // neither throws nor hangs
    }),
    { numRuns: 2_000 },
  );
});

test('a branch ref follows the rules of git', () => {
  for (const ref of [
    'refs/heads/main',
    'refs/heads/a/b-c',
    'refs/heads/v1.0',
    'refs/heads/日記',
    'refs/heads/@',
  ]) {
    assert.ok(isBranchRef(ref), ref);
  }
  const bad = [
    '',
    'main',
    'heads/main',
    'refs/heads/',
    'refs/heads//a',
    'refs/heads/a/',
    'refs/heads/a..b',
    'refs/heads/.a',
    'refs/heads/a/.b',
    'refs/heads/a.',
    'refs/heads/a.lock',
    'refs/heads/a.lock/b',
    'refs/heads/a b',
    'refs/heads/a~1',
    'refs/heads/a^',
    'refs/heads/a:b',
    'refs/heads/a?',
    'refs/heads/*',
    'refs/heads/a[',
    'refs/heads/a\\b',
    'refs/heads/a@{1}',
    'refs/heads/-a',
    'refs/heads/a\n',
    'refs/heads/a\u007f',
    'refs/tags/v1',
    `refs/heads/${'a'.repeat(200)}`,
  ];
  for (const ref of bad) assert.ok(!isBranchRef(ref), JSON.stringify(ref));
});

test('a time zone is an IANA name', () => {
  for (const name of ['UTC', 'Europe/Berlin', 'Etc/GMT+1', 'America/Argentina/Buenos_Aires'])
    assert.ok(isTimezone(name), name);
  for (const name of ['', 'local', 'Mars/Base', '+01:00', 'UTC\n', 'a'.repeat(100)])
    assert.ok(!isTimezone(name), name);
});

test('a word is suggested where it is near, and else none is', () => {
  const known = ['schedule', 'runAtStart', 'killGrace', 'after'];
  assert.equal(didYouMean('shedule', known), ' (did you mean `schedule`?)');
  assert.equal(didYouMean('kill-grace', known), ' (did you mean `killGrace`?)');
  assert.equal(didYouMean('RUN_AT_START', known), ' (did you mean `runAtStart`?)');
  assert.equal(didYouMean('afetr', known), '');
  assert.equal(didYouMean('afte', known), ' (did you mean `after`?)');
  assert.equal(didYouMean('memory', known), '');
  assert.equal(didYouMean('', known), '');
  assert.equal(didYouMean('x'.repeat(1_000_000), known), '');
});
