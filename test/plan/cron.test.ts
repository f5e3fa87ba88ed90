import assert from 'node:assert/strict';
import { test } from 'node:test';
import { validateDetailed } from 'node-cron';
import { cronProblems, normaliseCron, parseCron } from '../../src/plan/cron.ts';
import { fc } from '../helpers/properties.ts';

test('nicknames become their five fields, spaces are evened out', () => {
  assert.equal(normaliseCron('@hourly'), '0 * * * *');
  assert.equal(normaliseCron(' @Daily '), '0 0 * * *');
  assert.equal(normaliseCron('@weekly'), '0 0 * * 0');
  assert.equal(normaliseCron('@monthly'), '0 0 1 * *');
  assert.equal(normaliseCron('@yearly'), '0 0 1 1 *');
  assert.equal(normaliseCron('  */5   *  * * *\t'), '*/5 * * * *');
});

test('good expressions have no problems, bad ones say which field is wrong', () => {
  for (const good of ['*/5 * * * *', '0 */5 * * * *', '@midnight', '0 9 LW * ?', '0 0 * jan-mar mon#2,5L']) {
    assert.deepEqual(cronProblems(good), [], good);
  }
  assert.deepEqual(cronProblems('61 25 * * *'), [
    { field: 'minute', message: '61 is not a valid expression for minute' },
    { field: 'hour', message: '25 is not a valid expression for hour' },
  ]);
  for (const bad of [
    '',
    '* * *',
    '* * * * * * *',
    '@reboot',
    'every minute',
    '0 0 30 2 *',
    '*/0 * * * *',
    '5; * * * *',
  ]) {
    assert.notDeepEqual(cronProblems(bad), [], bad);
    assert.throws(() => parseCron(bad), /cron expression/);
  }
});

test('a range that nothing could count to is refused before anything counts it', () => {
  for (const endless of [
    '0-999999999 * * * *',
    '* * * * * 1-99999999999',
    '* * * 1-janjanjanjanjan *',
    '1-99999 * * * *',
  ]) {
    assert.match(cronProblems(endless)[0]?.message ?? '', /is not a value that any field takes/);
  }
});

test('what node-cron accepts is accepted and compiled, what it refuses is refused', () => {
  const token = fc.stringMatching(/^[0-9*/,LW#?a-c-]{1,5}$/);
  const fields = fc.array(
    fc.oneof(fc.constant('*'), fc.constantFrom('5', '1-5', '*/2', 'L', '3#2', 'sun'), token),
    {
      minLength: 4,
      maxLength: 7,
    },
  );
  fc.assert(
    fc.property(fields, parts => {
      const text = parts.join(' ');
      fc.pre(!/\d{5}/.test(text));
      const { valid } = validateDetailed(text);
      assert.equal(cronProblems(text).length === 0, valid, text);
      if (valid) parseCron(text);
    }),
    { numRuns: 3000 },
  );
});

test('an expression follows the clock where a wildcard stands for its minute or hour', () => {
  for (const text of ['* * * * *', '*/5 3 * * *', '0 * * * *', '30 */2 * * *', '0 */5 * * * *', '@hourly']) {
    assert.ok(parseCron(text).followsClock, text);
  }
  for (const text of ['0 3 * * *', '0,30 0-23 * * *', '* 30 3 * * *', '@daily', '0 0 */2 * *']) {
    assert.ok(!parseCron(text).followsClock, text);
  }
});

test('fields come sorted and without doubles', () => {
  const { minutes, hours } = parseCron('50-10/10,0,50 22-2 * * *');
  assert.deepEqual(minutes, [0, 10, 50]);
  assert.deepEqual(hours, [0, 1, 2, 22, 23]);
});
