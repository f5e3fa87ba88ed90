import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { Intake } from '../../src/intake/intake.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { until } from '../helpers/until.ts';
import { aClient, anIntake, send } from './support.ts';

failOnLeaks();

const run = promisify(execFile);

const LINES = [
  '{"metric":"queueLength","value":12,"source":"market-feed"}',
  'market-feed.errors:2|c',
  '',
].join('\n');
const LINES_TAKEN = ['market-feed queueLength 12', 'market-feed errors 2'];

test('a client in Python is understood', async t => {
  const { path, taken } = await anIntake(t);
  const program =
    'import socket, sys; s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); s.sendall(sys.argv[2].encode())';
  await run('python3', ['-c', program, path, LINES]);
  await until('all is taken', () => taken().length === 2);
  assert.deepEqual(taken(), LINES_TAKEN);
});

test('a client in Perl is understood', async t => {
  const { path, taken } = await anIntake(t);
  const program =
    'use IO::Socket::UNIX; my $s = IO::Socket::UNIX->new($ARGV[0]) or die $!; print $s $ARGV[1]';
  await run('perl', ['-e', program, path, LINES]);
  await until('all is taken', () => taken().length === 2);
  assert.deepEqual(taken(), LINES_TAKEN);
});

test('counters of several clients add up, and a last line needs no end', async t => {
  const { intake, path, taken } = await anIntake(t, { flushMs: 3_600_000 });
  await Promise.all([1, 2, 3].map(value => send(path, `a:${value}|c\ng:${value}|c`)));
  await intake.stop();
  assert.deepEqual(taken(), ['custom a 6', 'custom g 6']);
});

test('what was sent just before the end counts', async t => {
  const { intake, path, taken } = await anIntake(t, { flushMs: 3_600_000 });
  const client = await aClient(path);
  await new Promise(resolve => client.write('a:1|c\n'.repeat(5_000), resolve));
  await intake.stop();
  assert.deepEqual(taken(), ['custom a 5000']);
});

test('bad lines are counted and told without what they hold, and hurt nothing', async t => {
  const { intake, path, taken, warnings } = await anIntake(t);
  const bad = [
    'hunter2',
    '{"metric":"__proto__","value":1}',
    '{"metric":"a","value":1e999}',
    'a:NaN|g',
    'a\u0000:1|c',
  ];
  const bytes = [
    Buffer.from([0xff, 0xfe, 0x0a]),
    Buffer.from(`${'x'.repeat(100_000)}\n`),
    Buffer.from(`${bad.join('\n')}\n`),
  ];
  await send(path, Buffer.concat([...bytes, Buffer.from('a:1|g\n')]));
  await until('the good one is taken', () => taken().length === 1);
  await intake.stop();
  assert.deepEqual(taken(), ['custom a 1']);
  const counts = warnings.map(warning =>
    Number(/^(\d+) line\(s\) to metrics\.sock are not taken/.exec(warning)?.[1]),
  );
  assert.deepEqual(
    [warnings.length, counts.reduce((sum, count) => sum + count, 0)],
    [2, 7],
    'one at once, the rest at the end',
  );
  assert.doesNotMatch(warnings.join('\n'), /hunter2/);
  assert.equal(({} as Record<string, unknown>)['value'], undefined);
});

test('more series than there may be are dropped and told once, and the known ones go on', async t => {
  const { path, taken, warnings } = await anIntake(t, { limits: { series: 3 } });
  const many = Array.from(
    { length: 100 },
    (_, index) => `{"metric":"a","value":${index},"labels":{"id":${index}}}`,
  );
  await send(path, `${many.join('\n')}\n${many[1]}\n`);
  await until('the known one is taken again', () => taken().length === 4);
  assert.deepEqual(taken(), ['custom a 0', 'custom a 1', 'custom a 2', 'custom a 1']);
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? '', /more than 3 series .* give no labels that are new each time/);
});

test('more connections than there may be are turned away and told, and there is room again later', async t => {
  const { path, taken, warnings } = await anIntake(t, { limits: { connections: 2 } });
  const [first, second, third] = [await aClient(path), await aClient(path), await aClient(path)];
  await until('the third is turned away', () => third.destroyed);
  assert.match(
    warnings.join('\n'),
    /1 connection\(s\) to metrics\.sock were turned away, because 2 are open/,
  );
  first.write('{"metric":"a","value":1}\n');
  second.end('{"metric":"a","value":2}\n');
  await once(second, 'close');
  await until('both are taken', () => taken().length === 2);
  await send(path, '{"metric":"a","value":3}\n');
  await until('the next one is taken', () => taken().includes('custom a 3'));
});

test('a connection without a whole line for long is closed, though it sends single bytes', async t => {
  const { path } = await anIntake(t, { limits: { idleMs: 100 } });
  const client = await aClient(path);
  const drip = setInterval(() => client.write('x'), 10);
  await until('it is closed', () => client.destroyed);
  clearInterval(drip);
});

test('a client that floods has to wait, loses nothing, and does not keep another one waiting', async t => {
  const limits = { linesPerSecond: 2_000 };
  const { path, samples } = await anIntake(t, { limits, flushMs: 3_600_000 });
  const flood = await aClient(path);
  const line = '{"metric":"flood","value":1}\n';
  const count = 100_000; // much more than the buffers between the two hold
  let sent = false;
  flood.write(line.repeat(count), () => {
    sent = true;
  });
  const floods = (): number => samples.filter(({ metric }) => metric === 'flood').length;
  await until('its share is used up', () => floods() >= limits.linesPerSecond);
  await send(path, '{"metric":"quiet","value":1}\n');
  await until('the other one is taken', () => samples.some(({ metric }) => metric === 'quiet'));
  assert.equal(sent, false, 'it waits');
  assert.ok(floods() < count);
  await until('it goes on when the second is over', () => floods() > 2 * limits.linesPerSecond);
});

test('a client that is killed in the middle of a line, and one that goes without a word, hurt nothing', async t => {
  const { path, taken } = await anIntake(t);
  const [first, second] = [await aClient(path), await aClient(path)];
  first.write('{"metric":"a","val');
  await until('it has arrived', () => first.writableLength === 0);
  first.destroy();
  second.destroy();
  await send(path, 'a:1|g\n');
  await until('the next one is taken', () => taken().length > 0);
  assert.deepEqual(taken(), ['custom a 1']);
});

test('an intake that was stopped leaves no timer, and one that was never started can be stopped', async t => {
  const { intake, path } = await anIntake(t);
  await intake.stop();
  assert.equal((await aClient(path)).destroyed, true);
  const options = { path, flushMs: 20, clock: { now: () => 0, monotonic: () => 0 } };
  const other = new Intake({
    ...options,
    ...{
      sink: { take: () => undefined },
      known: () => ({ modules: new Set(), services: new Set(), sampled: new Set() }),
    },
    files: { prepareFolder: () => undefined, setAside: () => '' },
    warn: () => undefined,
  });
  await other.stop();
});
