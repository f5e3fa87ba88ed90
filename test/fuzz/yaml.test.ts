import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join, sep } from 'node:path';
import { after, test } from 'node:test';
import { Ajv } from 'ajv';
import { loadSettings, settingsFrom } from '../../src/config/load.ts';
import type { Loaded, Problem } from '../../src/config/problems.ts';
import { settingsSchema } from '../../src/config/schema.ts';
import { settingsJsonSchema } from '../../src/config/schema-json.ts';
import { readYaml } from '../../src/config/yaml.ts';
import type { Settings } from '../../src/glossary/settings.ts';
import { latestSlot, nextSlot } from '../../src/plan/slot.ts';
import { fc } from '../helpers/properties.ts';
import { bounded } from './bounded.ts';
import { askedRuns, holds } from './property.ts';
import { BYTES, GOOD, NEARLY_GOOD, PATCHED, SECRET, textOf } from './yaml-text.ts';

const ROOT = realpathSync(mkdtempSync(join(tmpdir(), 'watchkeeper-fuzz-')));
after(() => rmSync(ROOT, { recursive: true }));

const isValid = new Ajv({ strict: false }).compile(settingsJsonSchema());

async function load(text: string): Promise<Loaded> {
  return settingsFrom(ROOT, { text });
}

/** Whatever the answer is, it is a good one. */
function check(loaded: Loaded, text: string): void {
  if (loaded.ok) checkSettings(loaded.settings);
  else assert.ok(loaded.problems.length > 0, 'a refusal has a reason');
  for (const problem of loaded.ok ? loaded.warnings : loaded.problems) checkProblem(problem, text);
}

function checkProblem({ path, line, message }: Problem, text: string): void {
  assert.match(path, /^[ -~]*$/);
  assert.match(message, /^[ -~]+$/, 'fit for a terminal');
  if (line !== null) assert.ok(Number.isInteger(line) && line >= 1 && line <= text.split('\n').length);
  // A problem of one key says where that is.
  assert.ok(path === '' || line !== null, `${path}: ${message}`);
}

function checkSettings(settings: Settings): void {
  const { modules, services, detection, git, stages, logs } = settings;
  const commands = [...modules, ...services];
  assert.ok(commands.length > 0);
  assert.equal(new Set(commands.map(({ name }) => name)).size, commands.length, 'each name once');
  for (const { name, argv, env, cwd, killGraceMs } of commands) {
    assert.match(name, /^[a-z][a-z0-9-]{0,62}$/);
    assert.ok(argv.length > 0 && argv[0] !== '');
    for (const text of [...argv, ...Object.keys(env), ...Object.values(env)]) checkText(text);
    assert.ok(isAbsolute(cwd) && `${cwd}${sep}`.startsWith(`${ROOT}${sep}`), cwd);
    checkDurations(killGraceMs);
  }
  for (const { schedule, timeoutMs, retryDelayMs, after } of modules) {
    checkDurations(timeoutMs ?? 1, retryDelayMs);
    for (const upstream of after) assert.ok(modules.some(({ name }) => name === upstream));
    if (schedule === null) continue;
    if (schedule.kind === 'every')
      assert.ok(schedule.intervalMs >= 1_000 && Number.isFinite(schedule.intervalMs));
    else checkSlots(schedule);
  }
  for (const { health, restartDelayMs, maxRestartDelayMs } of services) {
    checkDurations(restartDelayMs, maxRestartDelayMs, health?.everyMs ?? 1, health?.timeoutMs ?? 1);
    assert.ok(restartDelayMs <= maxRestartDelayMs);
  }
  checkDurations(
    git.okEveryMs,
    logs.maxBytes,
    detection.thresholdPercent,
    ...Object.values(detection.floors),
  );
  assert.equal(stages.at(-1)?.until, null);
}

function checkText(text: string): void {
  assert.equal(typeof text, 'string');
  assert.ok(!text.includes('\0') && text.isWellFormed(), JSON.stringify(text));
}

function checkDurations(...all: number[]): void {
  for (const ms of all) assert.ok(Number.isFinite(ms) && ms >= 0, String(ms));
}

const NOON_MS = Date.UTC(2026, 10, 20, 12);

function checkSlots(schedule: Parameters<typeof nextSlot>[0]): void {
  const next = nextSlot(schedule, NOON_MS);
  assert.ok(next === null || next > NOON_MS);
  const latest = latestSlot(schedule, 0, NOON_MS);
  assert.ok(latest === null || (latest > 0 && latest <= NOON_MS));
}

test('what a user could write is accepted', async t => {
  await holds(
    t,
    fc.tuple(GOOD, fc.nat(4)),
    async ([tree, style]) => {
      const loaded = await load(textOf(tree, style));
      assert.ok(
        loaded.ok || loaded.problems.every(({ message }) => /cycle|later than/.test(message)),
        JSON.stringify(loaded),
      );
    },
    { share: 0.3 },
  );
});

test('a configuration with something wrong in it is answered with settings or with problems that name a place', async t => {
  await holds(
    t,
    fc.tuple(NEARLY_GOOD, fc.nat(4)),
    async ([tree, style]) => {
      const text = textOf(tree, style);
      check(await load(text), text);
    },
    { share: 0.4 },
  );
});

test('a problem never repeats a value that stands in the file', async t => {
  await holds(
    t,
    fc.tuple(NEARLY_GOOD, fc.nat(4)),
    async ([tree, style]) => {
      const loaded = await load(textOf(tree, style));
      assert.ok(!JSON.stringify(loaded.ok ? loaded.warnings : loaded.problems).includes(SECRET));
    },
    { share: 0.3 },
  );
});

test('a text that was cut and patched is answered, and twice in the same way', async t => {
  await holds(
    t,
    PATCHED,
    async text => {
      const loaded = await load(text);
      check(loaded, text);
      assert.deepEqual(await load(text), loaded);
    },
    { share: 0.5 },
  );
});

test('any bytes in the file are answered', async t => {
  await holds(
    t,
    BYTES,
    async bytes => {
      writeFileSync(join(ROOT, 'watchkeeper.yaml'), bytes);
      check(await loadSettings(ROOT), bytes.toString('latin1'));
    },
    { share: 0.3 },
  );
});

test('what is accepted is accepted by the JSON Schema too, and written as JSON it means the same', async t => {
  await holds(
    t,
    PATCHED,
    async text => {
      const loaded = await load(text);
      if (!loaded.ok) return;
      const json = JSON.stringify(readYaml(text).value);
      assert.ok(isValid(JSON.parse(json)), JSON.stringify(isValid.errors));
      const again = await load(json);
      assert.deepEqual(again.ok ? again.settings : again.problems, loaded.settings);
    },
    { share: 0.4 },
  );
});

/** What only a look across keys or at the meaning of a text can refuse is no matter of the schema. */
const BEYOND_SCHEMA = ['custom', 'invalid_union'];

test('what the schema of an editor refuses is refused, and the other way round as far as it can say so', async t => {
  await holds(
    t,
    NEARLY_GOOD,
    async tree => {
      const text = JSON.stringify(tree);
      const { value, problems } = readYaml(text);
      if (problems.length > 0 || value === null) return;
      if (!isValid(JSON.parse(JSON.stringify(value))))
        return assert.ok(!(await load(text)).ok, JSON.stringify(isValid.errors));
      const issues = settingsSchema.safeParse(value).error?.issues ?? [];
      assert.deepEqual(
        issues.filter(({ code }) => !BEYOND_SCHEMA.includes(code)),
        [],
      );
    },
    { share: 0.4 },
  );
});

test('hostile files are answered within bounds of memory and time', async t => {
  const [size, heapMb] = askedRuns() === null ? ['0.1', 96] : ['1', 320];
  await bounded(t, new URL('./hostile.ts', import.meta.url), heapMb, size);
});

test('a text with half a character in it is refused: a child would get another one in its place', async () => {
  for (const text of [
    'modules: {a: {command: "x \\ud800"}}',
    'modules: {a: {command: x, env: {A: "\\udfff"}}}',
  ]) {
    const loaded = await load(text);
    assert.ok(!loaded.ok && /half a character/.test(loaded.problems[0]?.message ?? ''), text);
  }
  const [key] = readYaml('modules: {"a\\ud800": {command: x}}').problems;
  assert.match(key?.message ?? '', /cannot be a name/);
});

test('a file of nothing but signs is refused before it is taken apart, which would take a gigabyte', async () => {
  for (const sign of ['[', '{', ',', '"', '- ', '! ', '*a,', '#\n', '-\n']) {
    const loaded = await load(sign.repeat(999_000 / sign.length));
    assert.deepEqual(loaded.ok ? [] : loaded.problems.map(({ message }) => message), [
      'holds more than 200000 signs such as : , [ and ": write a simpler file',
    ]);
  }
});
