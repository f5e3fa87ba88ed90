import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDuration, parseSize } from '../../src/config/duration.ts';
import { isTimezone } from '../../src/config/names.ts';
import { parseSchedule } from '../../src/config/schedule.ts';
import { durationText } from '../../src/duration-text.ts';
import type { Schedule } from '../../src/glossary/settings.ts';
import { cronProblems, normaliseCron, parseCron } from '../../src/plan/cron.ts';
import { latestSlot, nextSlot } from '../../src/plan/slot.ts';
import { fc } from '../helpers/properties.ts';
import { anyText } from './any-text.ts';
import { holds } from './property.ts';

const ANY = anyText(20);

const PIECE = fc.oneof(
  fc.constantFrom(
    ...[
      '*',
      '?',
      'L',
      'LW',
      '5L',
      '5#3',
      '15W',
      'W',
      '#',
      '0',
      '7',
      '59',
      '60',
      '31',
      '32',
      '-1',
      '99999',
      '1e9',
      'é',
      '\u0000',
    ],
  ),
  fc.constantFrom(
    ...[
      '*/5',
      '*/0',
      '*/99999',
      '5-1',
      '1-5/2',
      '22-2',
      '1,2,3',
      ',',
      '-',
      '/',
      'mon',
      'SUN-TUE',
      'jan',
      'febr',
      '@',
      '0x1',
      '1.5',
    ],
  ),
  fc.tuple(fc.nat(70), fc.nat(70), fc.nat(9)).map(([from, to, step]) => `${from}-${to}/${step}`),
);
const FIELD = fc.array(PIECE, { minLength: 1, maxLength: 3 }).map(pieces => pieces.join(','));
const NEARLY_CRON = fc.array(FIELD, { minLength: 4, maxLength: 7 }).map(fields => fields.join(' '));

const GOOD_FIELDS = fc.tuple(
  fc.constantFrom('0', '*', '*/7', '0-59', '59', '30'),
  fc.constantFrom('0', '*', '*/5', '2', '0,12', '22-2', '23'),
  fc.constantFrom('*', '?', '1', '29', '30', '31', 'L', 'LW', '15W', '1-7', '*/2', 'L-3'),
  fc.constantFrom('*', '2', '2,4', '12', '*/3', 'feb'),
  fc.constantFrom('*', '?', '0', '7', '5L', '1#5', '3#2', 'mon-fri'),
);
const GOOD_CRON = fc
  .oneof(
    { weight: 5, arbitrary: GOOD_FIELDS.map(fields => fields.join(' ')) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom('0', '*/7', '59'), GOOD_FIELDS)
        .map(([second, fields]) => [second, ...fields].join(' ')),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '@hourly',
        '@yearly',
        '0 0 29 2 *',
        '0 0 29 2 1',
        '0 0 31 2,4 *',
        '0 0 30 2 *',
        '0 0 29 2 1#5',
      ),
    },
  )
  .filter(text => cronProblems(text).length === 0);

const ZONE = fc.constantFrom(
  ...[
    'UTC',
    'Europe/Berlin',
    'America/Sao_Paulo',
    'Australia/Lord_Howe',
    'Pacific/Apia',
    'Africa/Casablanca',
    'Asia/Tehran',
  ],
  ...[
    'America/St_Johns',
    'Antarctica/Troll',
    'Africa/Monrovia',
    'Etc/GMT-14',
    'Pacific/Kiritimati',
    '+05:30',
  ],
);

const MOMENT = fc.integer({ min: 0, max: Date.UTC(2199, 0, 1) });

test('any text is a cron expression that is compiled, or has problems', async t => {
  await holds(
    t,
    fc.oneof(ANY, NEARLY_CRON, NEARLY_CRON),
    text => {
      const problems = cronProblems(text);
      for (const { message } of problems) assert.ok(message.length > 0 && message.length < 300, message);
      if (problems.length > 0) assert.throws(() => parseCron(text), /cron expression/);
      else assert.ok(parseCron(text).minutes.length > 0);
      assert.equal(normaliseCron(normaliseCron(text)), normaliseCron(text));
    },
    { share: 3, always: ['0 0 30 2 *', '* * * * *'] },
  );
});

test('the next slot is found, or that there is none, in whatever zone and century', async t => {
  await holds(
    t,
    fc.tuple(GOOD_CRON, ZONE, MOMENT),
    ([expression, timezone, nowMs]) => {
      const schedule: Schedule = { kind: 'cron', expression, timezone };
      const next = nextSlot(schedule, nowMs);
      if (next === null) return;
      assert.ok(Number.isSafeInteger(next) && next > nowMs);
      assert.equal(latestSlot(schedule, nowMs, next), next, 'a slot is due when it is there');
      assert.equal(latestSlot(schedule, nowMs, next - 1), null, 'and not before');
    },
    {
      share: 0.3,
      always: [
        ['0 0 29 2 1', 'UTC', 0],
        ['30 2 * * *', 'Europe/Berlin', 0],
      ],
    },
  );
});

test('the latest slot of a long time is a slot', async t => {
  await holds(
    t,
    fc.tuple(GOOD_CRON, ZONE, MOMENT, MOMENT),
    ([expression, timezone, first, second]) => {
      const schedule: Schedule = { kind: 'cron', expression, timezone };
      const [afterMs, nowMs] = [Math.min(first, second), Math.max(first, second)];
      const latest = latestSlot(schedule, afterMs, nowMs);
      if (latest === null) return;
      assert.ok(latest > afterMs && latest <= nowMs);
      assert.equal(nextSlot(schedule, latest - 1), latest);
      const next = nextSlot(schedule, latest);
      assert.ok(next === null || next > nowMs, 'no slot lies between it and now');
    },
    { share: 0.2 },
  );
});

const NEARLY_DURATION = fc
  .array(
    fc.constantFrom(
      ...[
        '1',
        '0',
        '9'.repeat(12),
        '9'.repeat(13),
        '.',
        '.5',
        '000001',
        'd',
        'h',
        'm',
        's',
        'ms',
        ' ',
        '-',
        '+',
        'e',
        '\n',
      ],
    ),
    { maxLength: 8 },
  )
  .map(parts => parts.join(''));

test('any text is a duration, finite and not negative, or none; written anew it is the same', async t => {
  await holds(
    t,
    fc.oneof(ANY, NEARLY_DURATION),
    text => {
      const ms = parseDuration(text);
      if (ms === null) return;
      assert.ok(Number.isInteger(ms) && ms >= 0, String(ms));
      // Larger ones are beyond what any setting takes, and beyond what a number can tell apart.
      if (Number.isSafeInteger(ms)) assert.equal(parseDuration(durationText(ms)) ?? ms, ms);
    },
    { share: 3 },
  );
});

test('any text is a size, or none', async t => {
  const nearly = fc.array(
    fc.constantFrom('1', '9'.repeat(9), '.', '.5', 'B', 'kB', 'KB', 'MB', 'GB', ' ', '-'),
    { maxLength: 5 },
  );
  await holds(
    t,
    fc.oneof(
      ANY,
      nearly.map(parts => parts.join('')),
    ),
    text => {
      const bytes = parseSize(text);
      assert.ok(bytes === null || (Number.isInteger(bytes) && bytes >= 0));
    },
  );
});

test('any text is a schedule, or is told what one looks like without being repeated', async t => {
  const text = fc.oneof(
    ANY,
    NEARLY_CRON,
    NEARLY_DURATION.map(each => `every ${each}`),
    NEARLY_DURATION.map(each => `@every ${each}`),
  );
  await holds(t, text, given => {
    const parsed = parseSchedule(given);
    if (typeof parsed === 'string') assert.match(parsed, /^[ -~]+$/);
    else if (parsed?.kind === 'every')
      assert.ok(parsed.intervalMs >= 1_000 && parsed.intervalMs <= 366 * 86_400_000);
    else if (parsed !== null) assert.ok(parseCron(parsed.expression).hours.length > 0);
  });
});

test('any text is the name of a time zone that slots can be found in, or none', async t => {
  const nearly = fc
    .array(
      fc.constantFrom(
        ...[
          'Europe',
          'America',
          'Berlin',
          '/',
          'UTC',
          'GMT',
          '+',
          '-',
          '05:30',
          '14',
          'Etc',
          'posix',
          'x',
          '_',
          'utc',
        ],
      ),
      { maxLength: 4 },
    )
    .map(parts => parts.join(''));
  await holds(
    t,
    fc.oneof(ANY, nearly),
    timezone => {
      if (!isTimezone(timezone)) return;
      assert.ok(
        nextSlot({ kind: 'cron', expression: '30 2 * * *', timezone }, Date.UTC(2026, 2, 28)) !== null,
      );
    },
    { share: 0.3 },
  );
});
