import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Schedule } from '../../src/glossary/settings.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { until } from '../helpers/until.ts';
import { module, type Played, played, settingsOf } from './played.ts';

failOnLeaks();

const DAILY: Schedule = { kind: 'cron', expression: '0 0 * * *', timezone: 'UTC' };
const begun = (loop: Played, count: number): Promise<true> =>
  until(`${count} modules have been started`, () => loop.started.length === count);

test('a change during the run is not lost: the module runs once more, however many changes there were', async () => {
  const loop = played(settingsOf([module('a'), module('tail', { after: ['a'] })]));
  loop.supervisor.trigger(['a'], 'change');
  await begun(loop, 1);
  loop.supervisor.trigger(['a'], 'change');
  loop.supervisor.trigger(['a'], 'change');
  assert.deepEqual([loop.misses.get('a'), loop.warnings], [undefined, []]);
  loop.end('a');
  await begun(loop, 3);
  assert.deepEqual(loop.started.toSorted(), ['a', 'a', 'tail']);
  assert.match(loop.infos.join('\n'), /a file that a watches has changed during its run/);
  assert.equal(loop.infos.length, 1);
  loop.end('tail');
  loop.end('a');
  await begun(loop, 4);
  await loop.supervisor.stop();
  assert.equal(loop.started.filter(name => name === 'a').length, 2);
});

test('due together with one that it comes after and that is still running, a module waits for that iteration', async () => {
  const loop = played(
    settingsOf([
      module('collector', { schedule: DAILY }),
      module('signals', { after: ['collector'] }),
      module('backtester', { after: ['signals'], schedule: DAILY }),
      module('other', { schedule: DAILY }),
    ]),
  );
  loop.supervisor.trigger(['collector'], 'manual');
  await begun(loop, 1);
  const second = loop.supervisor.all('schedule');
  assert.deepEqual([second.modules, second.missed], [['other'], ['collector']]);
  await begun(loop, 2);
  loop.end('collector');
  await begun(loop, 3);
  assert.deepEqual(loop.started, ['collector', 'other', 'signals']);
  loop.end('signals');
  await begun(loop, 4);
  assert.equal(loop.started[3], 'backtester');
  assert.match(loop.infos.join('\n'), /backtester: waiting for collector, still running/);
  await loop.supervisor.stop();
});

test('after a stop nothing that was put off starts', async () => {
  const loop = played(settingsOf([module('a')]));
  loop.supervisor.trigger(['a'], 'change');
  await begun(loop, 1);
  loop.supervisor.trigger(['a'], 'change');
  await loop.supervisor.stop();
  assert.deepEqual(loop.started, ['a']);
});
