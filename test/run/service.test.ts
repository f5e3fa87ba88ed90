import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { CLOCK } from '../../src/clock.ts';
import type { ChildSpec, OutputSink } from '../../src/glossary/child.ts';
import type { ServiceState } from '../../src/glossary/service.ts';
import type { ServiceSettings } from '../../src/glossary/settings.ts';
import { createRunner } from '../../src/run/runner.ts';
import { Services } from '../../src/run/service.ts';
import { freePort } from '../helpers/free-port.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { until } from '../helpers/until.ts';
import { temporaryFolder } from '../helpers/workspace.ts';

failOnLeaks();

const SERVER = fileURLToPath(new URL('../fixtures/services/server.mjs', import.meta.url));
const silent: OutputSink = { write: () => true, drained: async () => {}, end: async () => {} };

interface Kept {
  services: Services;
  folder: string;
  messages: string[];
  statuses: string[];
  ids: string[];
  /** What `onWaiting` was told. */
  waitedFor: string[];
  /** The process ids of all starts so far. */
  starts(): string[];
  state(): ServiceState;
}

/** Services in a test, which it ends with all their processes. */
async function withServices(t: TestContext, play: (kept: Kept) => Promise<void>): Promise<void> {
  const folder = temporaryFolder(t);
  const [messages, statuses]: [string[], string[]] = [[], []];
  const [ids, waitedFor]: [string[], string[]] = [[], []];
  let starts = 0;
  const services = new Services({
    runner: createRunner({ clock: CLOCK, warn: message => assert.fail(message) }),
    clock: CLOCK,
    restartsOf: () => 0,
    newId: () => {
      starts += 1;
      return `start-${starts}`;
    },
    specFor: (service, id) => {
      ids.push(id);
      return specOf(service, id);
    },
    onState: (state, message) => {
      statuses.push(state.status);
      if (message !== null) messages.push(message);
    },
    onWaiting: (names, limitMs) => waitedFor.push(`${names.join(', ')}: ${limitMs}`),
  });
  const state = (): ServiceState => services.states()[0] ?? assert.fail('no service');
  const kept = {
    services,
    folder,
    messages,
    statuses,
    ids,
    waitedFor,
    starts: () => startsIn(folder),
    state,
  };
  await play(kept).finally(() => services.stop());
}

function specOf({ name, argv, shell, cwd, env, killGraceMs }: ServiceSettings, id: string): ChildSpec {
  return { id, name, argv, shell, cwd, env, killGraceMs, timeoutMs: null, metered: false, output: silent };
}

function startsIn(folder: string): string[] {
  try {
    return readFileSync(join(folder, 'starts'), 'utf8').trim().split('\n');
  } catch {
    return []; // not one yet
  }
}

/** A service that answers health checks, with settings for a test's patience. */
function server(folder: string, port: number, more: Partial<ServiceSettings> = {}): ServiceSettings {
  return {
    name: 'feed',
    argv: [process.execPath, SERVER, String(port), folder],
    shell: false,
    cwd: folder,
    env: {},
    passEnv: [],
    killGraceMs: 2_000,
    health: { url: `http://127.0.0.1:${port}/health`, everyMs: 50, timeoutMs: 10_000, failures: 3 },
    restartDelayMs: 100,
    maxRestartDelayMs: 1_000,
    ...more,
  };
}

test('a service is ready when it is healthy, and is gone after the stop', t =>
  withServices(t, async ({ services, folder, messages, starts, state }) => {
    services.start([server(folder, await freePort())]);
    assert.equal(state().status, 'starting');
    assert.deepEqual(await services.ready(60_000), []);
    const { name, status, pid, restartCount, startedAt, lastProblem } = state();
    assert.deepEqual([name, status, String(pid)], ['feed', 'healthy', starts()[0]]);
    assert.deepEqual([restartCount, lastProblem], [0, null]);
    assert.ok(Math.abs(Date.parse(startedAt ?? '') - Date.now()) < 60_000);
    assert.deepEqual(messages, ['service feed is healthy']);
    const [use, ...more] = services.uses();
    assert.deepEqual([use?.name, more], ['feed', []]);
    assert.ok((use?.uptimeSeconds ?? 0) > 0);
    if (process.platform === 'linux') assert.ok((use?.memoryMb ?? 0) > 10, `${use?.memoryMb} MB`);
    await services.stop();
    assert.deepEqual(services.uses(), [], 'it takes nothing any more');
    assert.deepEqual([state().status, state().pid], ['stopped', null]);
    assert.throws(() => process.kill(pid ?? 0, 0), { code: 'ESRCH' });
  }));

test('a service without a health check is ready when it runs', t =>
  withServices(t, async ({ services, folder, state }) => {
    services.start([server(folder, await freePort(), { health: null })]);
    assert.deepEqual(await services.ready(60_000), []);
    assert.equal(state().status, 'running');
  }));

test('one that goes into the background is told to stay in the foreground', t =>
  withServices(t, async ({ services, folder, messages }) => {
    const shell = 'sleep 60 >/dev/null 2>&1 &';
    services.start([{ ...server(folder, 1), argv: ['/bin/sh', '-c', shell], health: null }]);
    await until('it is told', () => messages.some(message => /exit code 0, .* foreground;/.test(message)));
  }));

test('those that are not up in time are named', t =>
  withServices(t, async ({ services, folder }) => {
    writeFileSync(join(folder, 'failing'), '');
    const healthy = server(folder, await freePort(), { name: 'plain', health: null });
    services.start([server(folder, await freePort()), healthy]);
    await until('one of them is up', () => services.states().some(({ status }) => status === 'running'));
    assert.deepEqual(await services.ready(100), ['feed']);
    const waiting = services.ready(60_000);
    await services.stop();
    assert.deepEqual(await waiting, ['feed']);
  }));

for (const [what, settings] of [
  ['whose program is missing', { argv: ['/nonexistent/program'] }],
  ['whose program may not be executed', { argv: [import.meta.filename] }],
  ['whose folder is missing', { cwd: '/nonexistent' }],
] as const) {
  test(`a service ${what} is not waited for, the others are`, t =>
    withServices(t, async ({ services, folder }) => {
      const broken = {
        ...server(folder, 1, { name: 'broken', health: null }),
        ...settings,
        argv: [...(settings.argv ?? ['true'])],
      };
      services.start([broken, server(folder, await freePort())]);
      assert.deepEqual(await services.ready(600_000), ['broken']);
      const feed = services.states().find(({ name }) => name === 'feed');
      assert.equal(feed?.status, 'healthy');
    }));
}

test('who is waited for is told after a moment, and only then', t =>
  withServices(t, async ({ services, folder, waitedFor }) => {
    writeFileSync(join(folder, 'failing'), '');
    const fine = server(folder, await freePort(), { name: 'fine', health: null });
    services.start([fine]);
    await services.ready(60_000);
    services.start([server(folder, await freePort())]);
    const ready = services.ready(60_000);
    await until('it is told', () => waitedFor.length > 0);
    rmSync(join(folder, 'failing'));
    assert.deepEqual(await ready, []);
    assert.deepEqual(waitedFor, ['feed: 60000']);
  }));

test('with no services all are ready', t =>
  withServices(t, async ({ services }) => {
    services.start([]);
    assert.deepEqual(await services.ready(60_000), []);
  }));

test('a service that dies is started again, with a new id', t =>
  withServices(t, async ({ services, folder, messages, ids, starts, state }) => {
    services.start([server(folder, await freePort())]);
    await services.ready(60_000);
    process.kill(state().pid ?? 0, 'SIGKILL');
    await until('it is healthy again', () => state().restartCount === 1 && state().status === 'healthy');
    assert.equal(starts().length, 2);
    assert.deepEqual(ids, ['start-1', 'start-2']);
    assert.equal(state().lastProblem, 'it was ended by SIGKILL');
    assert.ok(
      messages.includes('service feed: it was ended by SIGKILL; next start in 0.1 s'),
      messages.join('\n'),
    );
  }));

test('a service that dies at each start is tried again and again, and comes up once it can', t =>
  withServices(t, async ({ services, folder, starts, state }) => {
    writeFileSync(join(folder, 'dying'), '');
    services.start([server(folder, await freePort())]);
    await until('it was tried three times', () => starts().length >= 3);
    assert.equal(state().lastProblem, 'it ended with exit code 3');
    assert.deepEqual(await services.ready(1), ['feed']);
    assert.deepEqual(await services.ready(3_600_000), ['feed'], 'it is not waited for in vain once more');
    rmSync(join(folder, 'dying'));
    await until('it is healthy', () => state().status === 'healthy');
    assert.deepEqual(await services.ready(60_000), []);
  }));

test('a service that turns unhealthy is ended and started again', t =>
  withServices(t, async ({ services, folder, statuses, messages, starts, state }) => {
    services.start([server(folder, await freePort())]);
    await services.ready(60_000);
    writeFileSync(join(folder, 'failing'), '');
    await until('it is unhealthy', () => statuses.includes('unhealthy'));
    rmSync(join(folder, 'failing'));
    await until('it is healthy again', () => state().restartCount >= 1 && state().status === 'healthy');
    assert.match(
      messages[1] ?? '',
      /unhealthy: the health check was answered with 503, 3 time\(s\) in a row; it is ended/,
    );
    const first = Number(starts()[0]);
    assert.throws(() => process.kill(first, 0), { code: 'ESRCH' });
  }));

test('a service that no longer answers is unhealthy too', t =>
  withServices(t, async ({ services, folder, statuses, state }) => {
    const port = await freePort();
    const health = { url: `http://127.0.0.1:${port}/`, everyMs: 20, timeoutMs: 1_000, failures: 1 };
    services.start([server(folder, port, { health })]);
    await services.ready(60_000);
    writeFileSync(join(folder, 'hanging'), '');
    await until('it is unhealthy', () => statuses.includes('unhealthy'));
    assert.match(state().lastProblem ?? '', /no answer to the health check in 1 s/);
  }));

test('a program that is missing is told once and tried with the longest delay', t =>
  withServices(t, async ({ services, folder, messages, state }) => {
    const argv = [join(folder, 'missing')];
    services.start([server(folder, 1, { argv, health: null, maxRestartDelayMs: 100 })]);
    await until('it was tried three times', () => state().restartCount >= 3);
    assert.equal(messages.length, 1);
    assert.match(messages[0] ?? '', /does not exist/);
  }));

test('new settings end what is gone, restart what is different, and leave the rest alone', t =>
  withServices(t, async ({ services, folder }) => {
    const [one, two] = [await freePort(), await freePort()];
    const kept = server(folder, one, { name: 'kept' });
    const changed = server(folder, two, { name: 'changed' });
    const gone = server(folder, await freePort(), { name: 'gone' });
    services.start([kept, changed, gone]);
    assert.deepEqual(await services.ready(60_000), []);
    const before = new Map(services.states().map(state => [state.name, state.pid]));

    const added = server(folder, await freePort(), { name: 'added' });
    await services.update([structuredClone(kept), { ...changed, env: { MODE: 'new' } }, added]);
    assert.deepEqual(await services.ready(60_000), []);
    const after = new Map(services.states().map(state => [state.name, state.pid]));
    assert.deepEqual([...after.keys()].sort(), ['added', 'changed', 'kept']);
    assert.equal(after.get('kept'), before.get('kept'));
    assert.notEqual(after.get('changed'), before.get('changed'));
    for (const name of ['changed', 'gone']) {
      assert.throws(() => process.kill(before.get(name) ?? 0, 0), { code: 'ESRCH' });
    }
  }));

test('a stop while settings change leaves nothing running', t =>
  withServices(t, async ({ services, folder, starts }) => {
    const settings = server(folder, await freePort());
    services.start([settings]);
    await services.ready(60_000);
    const updated = services.update([{ ...settings, killGraceMs: 1_000 }]);
    await services.stop();
    await updated;
    for (const pid of starts()) assert.throws(() => process.kill(Number(pid), 0), { code: 'ESRCH' });
    assert.ok(services.states().every(({ status }) => status === 'stopped'));
  }));
