import assert from 'node:assert/strict';
import { test } from 'node:test';
import { follow } from '../src/follow.ts';
import { openMailbox } from '../src/mailbox.ts';
import { failOnLeaks } from './helpers/leaks.ts';
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
