import assert from 'node:assert/strict';
import { test } from 'node:test';
import { currentRepository } from '../../src/git/current.ts';
import type { GitSettings } from '../../src/glossary/settings.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { temporaryWorkspace } from '../helpers/workspace.ts';

failOnLeaks();

const settings = (more: Partial<GitSettings> = {}): GitSettings => ({
  enabled: true,
  commitOn: ['ok'],
  okEveryMs: 0,
  ref: 'current',
  ...more,
});

test('settings that are read again and say the same keep the repository: what it has told is not told twice', async t => {
  const { root } = temporaryWorkspace(t);
  const current = currentRepository(root, { warn: () => {}, info: () => {} });
  const first = current.with(settings());
  assert.equal(current.with(settings()), first);
  assert.notEqual(current.with(settings({ okEveryMs: 1_000 })), first);
  await current.close();
});
