import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failOnLeaks } from '../helpers/leaks.ts';
import { execute } from './execute.ts';
import { GROUPS } from './fault.ts';
import { missingOf } from './needs.ts';
import { ROWS } from './rows.ts';

failOnLeaks();

const SEED = 1;

test('each row has an id of its own that begins with its group', () => {
  assert.equal(new Set(ROWS.map(({ id }) => id)).size, ROWS.length);
  for (const { id, group } of ROWS) {
    assert.ok(GROUPS.includes(group) && /^[a-z]+\/[a-z0-9-]+$/.test(id) && id.startsWith(`${group}/`), id);
  }
});

// The quick rows, each a test; `npm run test:faults` tries all of them, and more of each.
for (const fault of ROWS.filter(({ quick }) => quick)) {
  const skip = missingOf(fault.isolated === true ? [...fault.needs, 'mount'] : fault.needs) ?? false;
  test(`${fault.id}: ${fault.promise}`, { skip }, async () => {
    const progress = (): void => undefined;
    const { verdict, happened } = await execute(fault, { size: 'quick', seed: SEED, progress });
    assert.equal(verdict, 'kept', happened);
  });
}
