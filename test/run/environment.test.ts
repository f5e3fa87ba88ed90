import assert from 'node:assert/strict';
import { test } from 'node:test';
import { childEnvironment } from '../../src/run/environment.ts';

const outer = {
  PATH: '/usr/bin:/bin',
  HOME: '/home/user',
  LC_TIME: 'de_DE',
  SECRET: 'x',
  NODE_OPTIONS: '--inspect',
};
const none = { env: {}, passEnv: [] };

test('a child sees a small default list of the environment, and no secret', () => {
  assert.deepEqual(childEnvironment(none, {}, outer, '/node/bin'), {
    PATH: '/node/bin:/usr/bin:/bin',
    HOME: '/home/user',
    LC_TIME: 'de_DE',
  });
});

test('a child sees what passEnv names, where it is set', () => {
  const environment = childEnvironment({ env: {}, passEnv: ['SECRET', 'MISSING'] }, {}, outer, '/node/bin');
  assert.equal(environment['SECRET'], 'x');
  assert.ok(!('MISSING' in environment));
});

test('env wins over passEnv, and the supervisor over both', () => {
  const command = { env: { SECRET: 'env', WATCHKEEPER_RUN_ID: 'forged' }, passEnv: ['SECRET'] };
  const environment = childEnvironment(command, { WATCHKEEPER_RUN_ID: 'run' }, outer, '/node/bin');
  assert.deepEqual([environment['SECRET'], environment['WATCHKEEPER_RUN_ID']], ['env', 'run']);
});

for (const [what, path, expected] of [
  ['the usual case', '/usr/bin:/bin', '/node/bin:/usr/bin:/bin'],
  ['a folder that is already there', '/usr/bin:/node/bin:/bin:/node/bin/', '/node/bin:/usr/bin:/bin'],
  ['entries that mean the working folder', '/usr/bin::.', '/node/bin:/usr/bin::.'],
  ['an empty PATH', '', '/node/bin'],
] as const) {
  test(`PATH begins with the folder of Node exactly once: ${what}`, () => {
    const fromEnv = childEnvironment({ env: { PATH: path }, passEnv: [] }, {}, outer, '/node/bin');
    assert.equal(fromEnv['PATH'], expected);
    assert.equal(childEnvironment(none, {}, { PATH: path }, '/node/bin')['PATH'], expected);
  });
}

test('a supervisor without PATH still gives one', () => {
  assert.equal(childEnvironment(none, {}, {}, '/node/bin')['PATH'], '/node/bin:/usr/local/bin:/usr/bin:/bin');
});
