import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadSettings } from '../src/config/load.ts';
import { follow } from '../src/follow.ts';
import { openMailbox } from '../src/mailbox.ts';
import { failOnLeaks } from './helpers/leaks.ts';
import { until } from './helpers/until.ts';
import { temporaryFolder } from './helpers/workspace.ts';
import { module, played, settingsOf } from './supervise/played.ts';

failOnLeaks();

test('where one thing cannot be watched, nothing goes on watching: the supervisor can end', async t => {
  const root = temporaryFolder(t);
  const settings = { ...settingsOf([module('a', { watch: [null as unknown as string] })]), root };
  const { supervisor } = played(settings);
  const following = follow({
    supervisor,
    settings,
    mailbox: openMailbox(root),
    reporter: { runEnded: () => {}, iterationEnded: () => {}, info: () => {}, warn: () => {} },
    onSettings: async () => true,
  });
  await assert.rejects(following, TypeError);
});

test('an edit that cannot be taken over yet gives way to a later one, and one with mistakes is told meanwhile', async t => {
  const root = temporaryFolder(t);
  const write = (content: string): void => writeFileSync(join(root, 'watchkeeper.yaml'), content);
  write('modules: { a: { command: "true" } }\n');
  const loaded = await loadSettings(root);
  assert.ok(loaded.ok);
  const { settings } = loaded;
  const { supervisor } = played(settings);
  const infos: string[] = [];
  const warnings: string[] = [];
  const tried: string[] = [];
  const following = await follow({
    supervisor,
    settings,
    mailbox: openMailbox(root),
    reporter: {
      runEnded: () => {},
      iterationEnded: () => {},
      info: text => infos.push(text),
      warn: text => warnings.push(text),
    },
    onSettings: async ({ modules }, superseded) => {
      const names = modules.map(({ name }) => name).join();
      tried.push(names);
      if (names === 'hangs') await once(superseded, 'abort');
      return !superseded.aborted;
    },
  });
  try {
    write('modules: { hangs: { command: "true" } }\n');
    await until('it is tried', () => tried.length === 1);
    write('modules: 7\n');
    await until('the mistake is told', () => /the old configuration stays/.test(warnings.join()));
    assert.deepEqual(tried, ['hangs']);
    write('modules: { b: { command: "true" } }\n');
    await until('the later one is in effect', () => infos.some(info => info.includes('is in effect')));
    assert.deepEqual(tried, ['hangs', 'b']);
  } finally {
    await following.stop();
  }
});
