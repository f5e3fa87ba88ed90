import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { fc } from '../helpers/properties.ts';
import { told } from './given.ts';

const SECRET = 'S3cr3tValue';

/** Slips around a secret: each makes problems, none may show it. */
const SLIPS: Record<string, string> = {
  'a wrong key beside it': `env: {TOKEN: ${SECRET}}, wrong: 1`,
  'a name that cannot be one': `env: {"1": ${SECRET}}`,
  'an assignment for a mapping': `env: {TOKEN=${SECRET}}`,
  'an assignment as a text': `env: TOKEN=${SECRET}`,
  'a list of assignments': `env: [TOKEN=${SECRET}]`,
  'a mapping as the value': `env: {TOKEN: {a: ${SECRET}}}`,
  'a list as the value': `env: {TOKEN: [${SECRET}]}`,
  'a NUL character': `env: {TOKEN: "${SECRET}\\0"}`,
  'the same name twice': `env: {TOKEN: ${SECRET}, TOKEN: ${SECRET}}`,
  'a tag': `env: {TOKEN: !${SECRET} ${SECRET}}`,
  'an unknown escape': `env: {TOKEN: "${SECRET}\\${SECRET}"}`,
  'a reserved sign': `env: {TOKEN: @${SECRET}}`,
  'an alias of it in another place': `env: {TOKEN: &t ${SECRET}}, schedule: *t, timeout: *t, cwd: [*t], after: [*t], watch: [*t, 1]`,
  'an alias of nothing': `env: {TOKEN: *${SECRET}}`,
  'an open quote': `env: {TOKEN: "${SECRET}}`,
  'an assignment to be passed': `passEnv: ["TOKEN=${SECRET}"]`,
  'a password in an address': `wrong: "http://user:${SECRET}@host/"`,
  'a value in the command': `shell: 1, env: {A: 1}, timeout: ${SECRET}`,
};

for (const [what, keys] of Object.entries(SLIPS)) {
  test(`no problem shows a secret: ${what}`, async t => {
    const said = await told(t, `modules:\n  a: {command: "x --token ${SECRET} '", ${keys}}`);
    assert.notDeepEqual(said, []);
    assert.doesNotMatch(said.join('\n'), new RegExp(SECRET));
  });
}

test('no problem shows a secret: a password in the address of a health check', async t => {
  const said = await told(t, `services: {a: {command: x, health: {http: "ftp://user:${SECRET}@host/"}}}`);
  assert.equal(said.length, 1);
  assert.doesNotMatch(said.join('\n'), new RegExp(SECRET));
});

test('no problem shows a secret, whatever stands around it', async t => {
  const value = fc.oneof(
    fc.constant(SECRET),
    fc.constant([SECRET]),
    fc.constant({ [`a=${SECRET}`]: SECRET }),
    fc.jsonValue({ maxDepth: 1 }),
  );
  const keys = fc.constantFrom(
    'env',
    'command',
    'cwd',
    'schedule',
    'timeout',
    'passEnv',
    'health',
    'shell',
    'retries',
  );
  const module = fc.dictionary(
    keys,
    fc.oneof(value, fc.dictionary(fc.constantFrom('A', 'B', '1', 'é'), value)),
  );
  await fc.assert(
    fc.asyncProperty(module, module, async (a, b) => {
      const said = await told(t, stringify({ modules: { a }, services: { b } }), '/nonexistent');
      assert.doesNotMatch(said.join('\n'), new RegExp(SECRET));
    }),
    { numRuns: 200 },
  );
});
