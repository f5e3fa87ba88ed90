import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { askedOf } from './fuzz.ts';

const PROPERTY = fileURLToPath(new URL('./property.ts', import.meta.url));
const PROPERTIES = fileURLToPath(new URL('../helpers/properties.ts', import.meta.url));
const WATCHDOG = fileURLToPath(new URL('./watchdog.ts', import.meta.url));

test('the long version says what it cannot take', () => {
  assert.deepEqual(askedOf(['--runs', '5', '--seed', '7', '--only', 'proc']), {
    runs: 5,
    seed: 7,
    files: [join(import.meta.dirname, 'proc.test.ts')],
    minutes: 60,
  });
  assert.match(String(askedOf(['--only', 'no-such'])), /no test/);
  assert.match(String(askedOf(['--runs', 'many'])), /number/);
  assert.match(String(askedOf(['--what'])), /Unknown option/);
});

test('a property that does not hold names its seed and the smallest input', () => {
  const { status, stdout } = program(`
    import { test } from 'node:test';
    import { fc } from '${PROPERTIES}';
    import { holds } from '${PROPERTY}';
    test('x', t => holds(t, fc.nat(), number => { if (number > 100) throw new Error('too large'); }));
  `);
  assert.equal(status, 1);
  assert.match(stdout, /seed: 42,.*Counterexample: \[101\]/s);
});

test('what computes for ever is ended, and is told by its name', () => {
  const { signal, stderr } = program(`
    import { watchOver } from '${WATCHDOG}';
    watchOver('the endless one', 1_000).alive();
    for (;;);
  `);
  assert.equal(signal, 'SIGKILL');
  assert.match(stderr, /^hangs: the endless one$/m);
});

function program(text: string): {
  status: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
} {
  const env = { PATH: process.env['PATH'] ?? '', WATCHKEEPER_FUZZ_SEED: '42' };
  const options = { cwd: import.meta.dirname, env, encoding: 'utf8', timeout: 120_000 } as const;
  return spawnSync(process.execPath, ['--input-type=module', '--eval', text], options);
}
