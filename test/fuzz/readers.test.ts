import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { buildStatus } from '../../src/store/status.ts';
import { type Called, call } from '../cli/called.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { fc } from '../helpers/properties.ts';
import { at } from '../store/fixtures.ts';
import { assertValid } from '../store/schemas.ts';
import { goodFiles } from './histories.ts';
import { MUTATIONS, mutated } from './mutations.ts';
import { holds } from './property.ts';

failOnLeaks();

const ROOT = realpathSync(mkdtempSync(join(tmpdir(), 'watchkeeper-fuzz-')));
mkdirSync(join(ROOT, 'data'));
after(() => rmSync(ROOT, { recursive: true }));

const { performance, log } = goodFiles();
const STATUS = Buffer.from(`${JSON.stringify(goodStatus(), null, 2)}\n`);

const COMMANDS = fc.constantFrom<string[][]>(
  ['status'],
  ['status', '--json'],
  ['anomalies'],
  ['anomalies', '--json', '--since', '24h'],
);

function goodStatus(): unknown {
  const averages = { runtimeSeconds: 1, cpuPercent: 70, memoryMb: 62, apiLatencySeconds: null };
  const service = {
    name: 'feed',
    status: 'healthy' as const,
    pid: 1,
    restartCount: 2,
    startedAt: at(0),
    lastProblem: 'x',
  };
  return buildStatus({
    ...{
      updatedAt: at(9),
      message: 'Performance OK',
      roadmapStage: 'baseline',
      iterations: 13,
      moduleRestarts: 1,
    },
    ...{
      lastRun: null,
      averages: { collector: averages },
      openIncidents: [],
      anomaliesLastHour: 2,
      services: [service],
    },
    supervisor: { pid: 1, startedAt: at(0), version: '0.1.0' },
  });
}

function check({ code, stderr }: Called): void {
  assert.ok(code === 0 || code === 4, `${code}: ${stderr}`);
  assert.equal(stderr === '', code === 0);
  assert.doesNotMatch(stderr, /^\s+at /m, 'for a person, not for a programmer');
}

async function read(
  argv: string[],
  files: { performance: Buffer; log: Buffer; status: Buffer },
): Promise<Called> {
  writeFileSync(join(ROOT, 'data/performance.json'), files.performance);
  writeFileSync(join(ROOT, 'data/anomalies.log'), files.log);
  writeFileSync(join(ROOT, 'data/status.json'), files.status);
  return call(...argv, '--root', ROOT);
}

test('good files are shown', async () => {
  assertValid('status', JSON.parse(STATUS.toString()));
  const { code, stdout, stderr } = await read(['status'], { performance, log, status: STATUS });
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  assert.match(stdout, /Performance OK/);
});

test('a fresh clone is shown or refused in words, whatever has happened to its history', async t => {
  await holds(
    t,
    fc.tuple(COMMANDS, MUTATIONS, MUTATIONS),
    async ([argv, first, second]) => {
      const files = { performance: mutated(performance, first), log: mutated(log, second), status: STATUS };
      check(await read(argv, files));
    },
    { share: 0.3 },
  );
});

test('a status.json is shown or refused in words, whatever has happened to it', async t => {
  await holds(
    t,
    fc.tuple(COMMANDS, MUTATIONS),
    async ([argv, mutations]) => {
      check(await read(argv, { performance, log, status: mutated(STATUS, mutations) }));
    },
    { share: 0.3 },
  );
});

const HIDDEN = /(?![\t\n])[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;

test('what files of a clone hold does not get to the terminal as an escape code', async t => {
  await holds(
    t,
    fc.tuple(COMMANDS, fc.nat(), fc.nat(2)),
    async ([argv, place, which]) => {
      const odd = [{ does: 'replace value' as const, at: place, json: '"\\u001b[2J"' }];
      const files = [performance, log, STATUS].map((bytes, index) =>
        index === which ? mutated(bytes, odd) : bytes,
      );
      const [first = performance, second = log, third = STATUS] = files;
      const { stdout, stderr } = await read(argv, { performance: first, log: second, status: third });
      for (const text of [stdout, stderr]) assert.doesNotMatch(text, HIDDEN);
    },
    { share: 0.3 },
  );
});

test('a status.json without what is shown of it is told to be damaged, and what to do', async () => {
  for (const status of [
    '{}',
    'null',
    STATUS.toString().replace('"Performance OK"', 'null'),
    STATUS.toString().replace('"feed"', '"\\u001b[2J"'),
  ]) {
    const { code, stderr } = await read(['status'], { performance, log, status: Buffer.from(status) });
    assert.equal(code, 4);
    assert.match(stderr, /^watchkeeper: data\/status\.json is damaged .*run `watchkeeper once`$/m);
  }
});
