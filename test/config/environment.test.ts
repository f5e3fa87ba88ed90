import assert from 'node:assert/strict';
import { test } from 'node:test';
import { overridden, overridesFrom } from '../../src/config/environment.ts';
import { settings } from './given.ts';

test('variables of the environment take the place of what the file says, and leave the rest to it', async t => {
  const file = await settings(t, 'system: { every: 30s }\nintake: { flush: 5s }\nmodules: {a: {command: x}}');
  const overrides = overridesFrom({
    WATCHKEEPER_SYSTEM_EVERY: '1m30s',
    WATCHKEEPER_INTAKE_SOCKET: 'false',
    WATCHKEEPER_INTAKE_FLUSH: '',
    OTHER: 'x',
  });
  assert.deepEqual(overridden(file, overrides), {
    system: { enabled: true, everyMs: 90_000 },
    intake: { socket: false, flushMs: 5_000 },
  });
});

test('without variables the file counts', async t => {
  const file = await settings(t, 'system: { enabled: false }\nmodules: {a: {command: x}}');
  assert.deepEqual(overridden(file, overridesFrom({})), {
    system: { enabled: false, everyMs: 10_000 },
    intake: { socket: true, flushMs: 10_000 },
  });
});

test('each variable of another form is named with the accepted one, and nothing of what it held', () => {
  const env = {
    WATCHKEEPER_SYSTEM_EVERY: 'hunter2',
    WATCHKEEPER_SYSTEM_ENABLED: 'yes',
    WATCHKEEPER_INTAKE_FLUSH: '1ms',
  };
  assert.throws(() => overridesFrom(env), {
    code: 'usage',
    message: [
      'WATCHKEEPER_SYSTEM_ENABLED must be true or false',
      'WATCHKEEPER_SYSTEM_EVERY must be a duration with its unit, such as 500ms, 30s, 2m, 1h, 7d or 1m30s, from 1s to 1h',
      'WATCHKEEPER_INTAKE_FLUSH must be a duration with its unit, such as 500ms, 30s, 2m, 1h, 7d or 1m30s, from 1s to 1h',
    ].join('\n'),
  });
});
