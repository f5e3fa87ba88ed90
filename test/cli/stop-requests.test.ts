import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stopRequests } from '../../src/cli/stop-requests.ts';

type Signal = [signal: NodeJS.Signals, ms: number];

const CASES: [what: string, wrapped: boolean, signals: Signal[], meaning: string[]][] = [
  [
    'one Ctrl-C that arrives three times',
    false,
    [
      ['SIGINT', 0],
      ['SIGINT', 3],
      ['SIGINT', 499],
    ],
    ['same', 'same'],
  ],
  [
    'a second Ctrl-C',
    false,
    [
      ['SIGINT', 0],
      ['SIGINT', 500],
    ],
    ['at once'],
  ],
  [
    'a second SIGTERM, however early',
    false,
    [
      ['SIGTERM', 0],
      ['SIGTERM', 1],
    ],
    ['at once'],
  ],
  [
    'SIGTERM and SIGHUP at the end of a session',
    false,
    [
      ['SIGTERM', 0],
      ['SIGHUP', 1],
    ],
    ['same'],
  ],
  [
    'SIGHUP and SIGTERM at the end of a session',
    false,
    [
      ['SIGHUP', 0],
      ['SIGTERM', 1],
      ['SIGTERM', 2],
    ],
    ['same', 'at once'],
  ],
  [
    'another signal later',
    false,
    [
      ['SIGTERM', 0],
      ['SIGINT', 2_000],
    ],
    ['at once'],
  ],
  [
    'SIGTERM to a group with the wrapper in it',
    true,
    [
      ['SIGTERM', 0],
      ['SIGTERM', 3],
    ],
    ['same'],
  ],
  [
    'a second SIGTERM to the wrapper',
    true,
    [
      ['SIGTERM', 0],
      ['SIGUSR2', 3],
    ],
    ['at once'],
  ],
  [
    'a later SIGTERM to the wrapped one alone',
    true,
    [
      ['SIGTERM', 0],
      ['SIGTERM', 600],
    ],
    ['at once'],
  ],
];

for (const [what, wrapped, signals, meaning] of CASES) {
  test(`after the first: ${what} is ${meaning.join(', then ')}`, () => {
    const requestOf = stopRequests(wrapped);
    const said = signals.map(([signal, ms]) => requestOf(signal, 1_000 + ms));
    assert.deepEqual(said, ['orderly', ...meaning]);
  });
}
