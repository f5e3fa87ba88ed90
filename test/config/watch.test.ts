import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { loadSettings } from '../../src/config/load.ts';
import type { Loaded } from '../../src/config/problems.ts';
import { type WatchOptions, watchSettings } from '../../src/config/watch.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { until } from '../helpers/until.ts';
import { temporaryFolder } from '../helpers/workspace.ts';

failOnLeaks();

const file = (name: string): string => `modules: {${name}: {command: x}}\n`;

/** So long that no look comes by the clock: what is seen is seen by the file system's events. */
const NEVER = { rescanMs: 3_600_000 };

interface Watching {
  root: string;
  path: string;
  seen: Loaded[];
  /** The module that was told last, or the first problem; null where nothing was. */
  last(): string | null;
  untilTold(what: string): Promise<void>;
  stop(): Promise<void>;
}

async function watching(t: TestContext, options: WatchOptions, root = temporaryFolder(t)): Promise<Watching> {
  const path = join(root, 'watchkeeper.yaml');
  const seen: Loaded[] = [];
  const watch = watchSettings(root, loaded => seen.push(loaded), options);
  t.after(() => watch.stop());
  await watch.ready;
  const last = (): string | null => {
    const loaded = seen.at(-1);
    if (loaded === undefined) return null;
    return loaded.ok ? (loaded.settings.modules[0]?.name ?? '') : (loaded.problems[0]?.message ?? '');
  };
  const untilTold = async (what: string): Promise<void> => {
    await until(`${what} is told`, () => last()?.startsWith(what) ?? false);
  };
  return { root, path, seen, last, untilTold, stop: () => watch.stop() };
}

function workspace(t: TestContext): string {
  const root = temporaryFolder(t);
  writeFileSync(join(root, 'watchkeeper.yaml'), file('first'));
  return root;
}

test('a good edit is told once, a bad one with its problems, and the way back too', async t => {
  const { path, seen, untilTold } = await watching(t, NEVER, workspace(t));
  writeFileSync(path, file('second'));
  await untilTold('second');
  writeFileSync(path, 'modules: 5\n');
  await untilTold('must be a mapping');
  writeFileSync(path, file('third'));
  await untilTold('third');
  assert.deepEqual(
    seen.map(({ ok }) => ok),
    [true, false, true],
  );
});

test('an editor that saves by renaming is followed, again and again', async t => {
  const { path, untilTold } = await watching(t, NEVER, workspace(t));
  for (const name of ['b', 'c', 'd']) {
    writeFileSync(`${path}.new`, file(name));
    renameSync(path, `${path}~`);
    renameSync(`${path}.new`, path);
    await untilTold(name);
  }
});

test('what is saved behind a link is told, as soon as beside it', async t => {
  const [root, conf] = [temporaryFolder(t), temporaryFolder(t)];
  const real = join(conf, 'pipeline.yaml');
  writeFileSync(real, file('first'));
  symlinkSync(real, join(root, 'watchkeeper.yaml'));
  const { untilTold } = await watching(t, NEVER, root);
  writeFileSync(real, file('second'));
  await untilTold('second');
  writeFileSync(`${real}.new`, file('third'));
  renameSync(`${real}.new`, real);
  await untilTold('third');
});

test('a file that is removed is told, and told again when it is back', async t => {
  const { path, seen, untilTold } = await watching(t, NEVER, workspace(t));
  unlinkSync(path);
  await untilTold('there is no');
  writeFileSync(path, file('first'));
  await untilTold('first');
  assert.equal(seen.length, 2);
});

test('a file that appears after the watch began is told', async t => {
  const { path, untilTold } = await watching(t, NEVER);
  writeFileSync(path, file('first'));
  await untilTold('first');
});

test('a touched file, one written anew with the same content, and other files are nothing new', async t => {
  const { root, path, seen, untilTold } = await watching(t, NEVER, workspace(t));
  utimesSync(path, new Date(), new Date());
  writeFileSync(path, file('first'));
  writeFileSync(join(root, 'other.yaml'), file('other'));
  await sleep(300);
  writeFileSync(path, file('second'));
  await untilTold('second');
  assert.equal(seen.length, 1);
});

test('a file that is written piece by piece is told when it is whole', async t => {
  const { path, seen, untilTold } = await watching(t, { ...NEVER, settleMs: 400 }, workspace(t));
  const whole = file('second');
  for (let length = 0; length < whole.length; length += 8) {
    writeFileSync(path, whole.slice(0, length));
    await sleep(10);
  }
  writeFileSync(path, whole);
  await untilTold('second');
  assert.ok(seen.filter(({ ok }) => ok).length === 1);
});

test('a change that no event tells of is found by the regular look', async t => {
  const root = temporaryFolder(t);
  const target = join(temporaryFolder(t), 'elsewhere.yaml');
  writeFileSync(target, file('first'));
  symlinkSync(target, join(root, 'watchkeeper.yaml')); // events of the link's target do not reach its folder
  const { untilTold } = await watching(t, { rescanMs: 50, settleMs: 20 }, root);
  writeFileSync(target, file('second'));
  await untilTold('second');
});

test('a workspace that is removed and made anew is found again', async t => {
  const root = join(temporaryFolder(t), 'workspace');
  mkdirSync(root);
  writeFileSync(join(root, 'watchkeeper.yaml'), file('first'));
  const { path, untilTold } = await watching(t, { rescanMs: 50, settleMs: 20 }, root);
  rmSync(root, { recursive: true });
  await untilTold('there is no');
  mkdirSync(root);
  writeFileSync(path, file('second'));
  await untilTold('second');
});

test('a workspace that is not there yet can be watched', async t => {
  const root = join(temporaryFolder(t), 'later');
  const { path, untilTold } = await watching(t, { rescanMs: 50, settleMs: 20 }, root);
  mkdirSync(root);
  writeFileSync(path, file('first'));
  await untilTold('first');
});

test('what has changed between loading and watching is told at the start, and only that', async t => {
  const root = workspace(t);
  const loaded = await loadSettings(root);
  assert.ok(loaded.ok);
  const same = await watching(t, { ...NEVER, current: loaded.settings }, root);
  assert.equal(same.last(), null);
  await same.stop();
  writeFileSync(join(root, 'watchkeeper.yaml'), file('second'));
  const other = await watching(t, { ...NEVER, current: loaded.settings }, root);
  assert.equal(other.last(), 'second');
});

test('the folder alone is watched, never what lies below it', {
  skip: process.platform !== 'linux',
}, async t => {
  const root = workspace(t);
  for (const folder of ['data', 'logs', '.git/objects', 'modules/deep/er'])
    mkdirSync(join(root, folder), { recursive: true });
  const before = kernelWatches();
  const { stop } = await watching(t, NEVER, root);
  assert.ok(kernelWatches() - before <= 2, `${kernelWatches() - before} watches`); // the folder, and the file
  await stop();
});

function kernelWatches(): number {
  return readdirSync('/proc/self/fdinfo')
    .flatMap(fd => {
      try {
        return readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8').split('\n');
      } catch {
        return []; // the one of this listing
      }
    })
    .filter(line => line.startsWith('inotify ')).length;
}

test('after it is stopped nothing is told any more, and it can be stopped twice or before it is ready', async t => {
  const root = workspace(t);
  const { path, seen, stop } = await watching(t, { rescanMs: 20, settleMs: 10 }, root);
  writeFileSync(path, file('second'));
  await stop();
  const told = seen.length;
  writeFileSync(path, file('third'));
  await sleep(200);
  assert.equal(seen.length, told);
  await stop();

  const early = watchSettings(root, () => assert.fail('told after its end'));
  await early.stop();
  await early.ready;
});

test('a watch does not keep the process alive', async t => {
  const root = workspace(t);
  const code = `
    const { watchSettings } = await import(${JSON.stringify(new URL('../../src/config/watch.ts', import.meta.url).href)});
    const watch = watchSettings(${JSON.stringify(root)}, () => {});
    await watch.ready;
    process.stdout.write('ready');`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code], {
    timeout: 60_000,
  });
  assert.equal(stdout, 'ready');
});
