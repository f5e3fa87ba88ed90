import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { settingsJsonSchema } from '../../src/config/schema-json.ts';
import { problems } from './given.ts';

const FILE = new URL('../../src/schemas/watchkeeper.schema.json', import.meta.url);

test('the JSON Schema on disk is the one that the program means', () => {
  const message = 'write it anew: node src/config/schema-json.ts && npx biome check --write src/schemas';
  assert.deepEqual(JSON.parse(readFileSync(FILE, 'utf8')), settingsJsonSchema(), message);
});

test('every key has a description, and every default is said in it', () => {
  const found = [...keysOf(settingsJsonSchema(), '')];
  assert.ok(found.length >= 50, `${found.length} keys`);
  for (const [path, key] of found) {
    const description = key['description'];
    assert.ok(typeof description === 'string' && description.endsWith('.'), `${path} is described`);
    const value = key['default'];
    if (value === undefined || (typeof value === 'object' && !Array.isArray(value))) continue;
    assert.match(description, /Default: /, path);
    if (!Array.isArray(value) && path !== '.modules.*.cwd' && path !== '.services.*.cwd') {
      assert.ok(description.endsWith(`Default: ${value}.`), `${path} says its default ${value}`);
    }
  }
});

type Node = Record<string, unknown>;

function* keysOf(schema: Node, path: string): Generator<[string, Node]> {
  for (const [key, value] of Object.entries((schema['properties'] ?? {}) as Record<string, Node>)) {
    yield [`${path}.${key}`, value];
    yield* keysOf(value, `${path}.${key}`);
  }
  for (const inner of [schema['additionalProperties'], schema['items']]) {
    if (typeof inner === 'object' && inner !== null) yield* keysOf(inner as Node, `${path}.*`);
  }
}

const RUNS = 'modules: {a: {command: x}}\n';

const FILES: [boolean, string][] = [
  [true, RUNS],
  [
    true,
    'modules: {a: {command: [x, 1, true], killGrace: 0, timeout: 1m30s, env: {A: 1, B: true}, after: [a]}}',
  ],
  [
    true,
    `${RUNS}git: {okEvery: 0, ref: refs/heads/a}\nstages: [{name: a, until: baseline}, {name: b}]\nlogs: {maxSize: 1.5 MB}`,
  ],
  [true, `${RUNS}services: {s: {command: x, health: {http: "http://h/"}}}`],
  [false, `${RUNS}unknown: 1`],
  [false, 'modules: {a: {}}'],
  [false, 'modules: {A: {command: x}}'],
  [false, 'modules: {a: {command: x, timeout: 5}}'],
  [false, 'modules: {a: {command: x, timeout: 5 minutes}}'],
  [false, 'modules: {a: {command: x, retries: 0.5}}'],
  [false, 'modules: {a: {command: x, env: {"1": x}}}'],
  [false, `${RUNS}git: {commitOn: [good]}`],
  [false, `${RUNS}logs: {maxSize: 10}`],
];

test('an editor finds the same faults, as far as they concern one key', async t => {
  const valid = new Ajv({ strict: false }).compile(settingsJsonSchema());
  for (const [good, text] of FILES) {
    assert.equal(valid(parse(text)), good, text);
    const found = await problems(t, text.replace(', after: [a]', ''));
    assert.equal(found.length === 0, good, text);
  }
});
