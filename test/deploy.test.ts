import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from './helpers/workspace.ts';

const UNIT = new URL('../deploy/watchkeeper.service', import.meta.url);

test('systemd finds nothing wrong with the unit, once its paths exist', t => {
  if (spawnSync('systemd-analyze', ['--version']).error !== undefined)
    return t.skip('there is no systemd-analyze');
  const folder = temporaryFolder(t);
  const node = join(folder, 'node_modules/.bin/node');
  mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
  writeFileSync(node, '#!/bin/sh\n');
  chmodSync(node, 0o755);
  const unit = join(folder, 'watchkeeper.service');
  writeFileSync(unit, readFileSync(UNIT, 'utf8').replaceAll('/opt/watchkeeper', folder));
  const { status, stderr } = spawnSync('systemd-analyze', ['verify', unit], { encoding: 'utf8' });
  assert.deepEqual([status, stderr.split('\n').filter(line => line.includes('watchkeeper'))], [0, []]);
});

test('the PM2 file starts one supervisor with the pinned Node, and gives it time to end', () => {
  const { bin, scripts } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const started: string = bin.watchkeeper; // as `npm start` and systemd do
  assert.equal(scripts.start, `node ${started}`);
  assert.ok(readFileSync(UNIT, 'utf8').includes(` /opt/watchkeeper/${started} run\n`));
  const { apps } = createRequire(import.meta.url)('../deploy/ecosystem.config.cjs');
  const [app] = apps;
  assert.equal(apps.length, 1);
  assert.equal(app.script, `/opt/watchkeeper/${started}`);
  assert.match(app.interpreter, /node_modules\/\.bin\/node$/);
  assert.deepEqual([app.instances, app.watch, app.stop_exit_codes], [1, false, [0, 2, 3]]);
  assert.ok(app.kill_timeout >= 60_000, `${app.kill_timeout} ms`);
});

test('the PM2 file keeps PM2 from signalling the children: the supervisor ends them itself, as under systemd', () => {
  const { apps } = createRequire(import.meta.url)('../deploy/ecosystem.config.cjs');
  assert.equal(apps[0].treekill, false);
  assert.match(readFileSync(UNIT, 'utf8'), /^KillMode=mixed$/m);
});
