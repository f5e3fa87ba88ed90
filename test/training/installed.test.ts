import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { VERSION } from '../../src/version.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { temporaryFolder } from '../helpers/workspace.ts';

failOnLeaks();

const ROOT = join(import.meta.dirname, '../..');

/** Our files below a folder `node_modules`, where Node takes the types out of no file, as npm puts them there. */
function installed(t: TestContext): string {
  const modules = join(temporaryFolder(t), 'node_modules');
  const folder = join(modules, 'watchkeeper');
  mkdirSync(folder, { recursive: true });
  for (const part of ['src', 'supervisor.ts', 'package.json'])
    cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  for (const name of readdirSync(join(ROOT, 'node_modules')))
    if (!name.startsWith('.')) symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  return folder;
}

const run = (file: string, ...args: string[]): string =>
  execFileSync(process.execPath, [file, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

const TRAINING = `
  import { stripOwnTypes } from './src/own-types.mjs';
  stripOwnTypes();
  const { trainInWorker } = await import('./src/training/train.ts');
  const history = Array.from({ length: 250 }, (_, index) => [index % 7, index % 5]);
  const settings = { hidden: 4, latent: 2, epochs: 2, batch: 32, rate: 0.01, longestGradient: 1 };
  const request = { history, metrics: ['a', 'b'], settings, seed: 1, trainedAt: 'now' };
  let epochs = 0;
  const onEpoch = () => { epochs += 1; };
  const result = await trainInWorker(request, { holdsProcess: true, onEpoch });
  console.log(epochs, result.status, result.model?.windows ?? result.message);
`;

/** The same as `npm pack` makes it: with the types taken out of our files beforehand, which are marked, so that it shows which are used. */
function packed(t: TestContext): string {
  const folder = installed(t);
  run(join(folder, 'src/own-types.mjs'));
  replaceIn(join(folder, 'stripped/src/cli/main.js'), '.version(VERSION)', ".version(VERSION + ' packed')");
  const [once, twice] = ['epoch => tell({ epoch })', 'epoch => [tell({ epoch }), tell({ epoch })]'];
  replaceIn(join(folder, 'stripped/src/training/worker.js'), once, twice);
  return folder;
}

function replaceIn(file: string, text: string, by: string): void {
  const before = readFileSync(file, 'utf8');
  assert.ok(before.includes(text), `${file} has no ${text}`);
  writeFileSync(file, before.replace(text, by));
}

test('the training thread works in an installed package', t => {
  const folder = installed(t);
  writeFileSync(join(folder, 'try.mjs'), TRAINING);
  assert.equal(run(join(folder, 'try.mjs')), '2 trained 235\n');
});

test('so does the command', t => {
  const said = run(join(installed(t), 'src/cli/watchkeeper.mjs'), '--version');
  assert.equal(said, `${VERSION}\n`);
});

test('both use the files that a packed one brings without types', t => {
  const folder = packed(t);
  writeFileSync(join(folder, 'try.mjs'), TRAINING);
  assert.equal(run(join(folder, 'src/cli/watchkeeper.mjs'), '--version'), `${VERSION} packed\n`);
  assert.equal(run(join(folder, 'try.mjs')), '4 trained 235\n');
});
