import assert from 'node:assert/strict';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ModelFiles } from '../../src/store/models.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { temporaryFolder } from '../helpers/workspace.ts';
import { START_MS } from './fixtures.ts';

failOnLeaks();

function files(t: TestContext): { data: string; models: ModelFiles } {
  const data = temporaryFolder(t);
  return { data, models: new ModelFiles(data, () => START_MS) };
}

test('a model is written whole, for its owner alone, and read again', t => {
  const { data, models } = files(t);
  const path = models.write('collector', 'a.json', '{"x":1}');
  assert.equal(path, join(data, 'models', 'collector', 'a.json'));
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(statSync(join(data, 'models')).mode & 0o777, 0o700);
  assert.deepEqual(models.read('collector', 'a.json'), { x: 1 });
});

test('what is not there, or no JSON, or too large, is undefined', t => {
  const { data, models } = files(t);
  assert.equal(models.read('collector', 'a.json'), undefined);
  models.write('collector', 'a.json', '{"x":');
  assert.equal(models.read('collector', 'a.json'), undefined);
  writeFileSync(join(data, 'models', 'collector', 'a.json'), `"${'x'.repeat(20_000_001)}"`);
  assert.equal(models.read('collector', 'a.json'), undefined);
});

test('links that lead out are neither read nor written through', t => {
  const { data, models } = files(t);
  const outside = temporaryFolder(t);
  writeFileSync(join(outside, 'a.json'), '{"x":"outside"}');
  mkdirSync(join(data, 'models'));
  symlinkSync(outside, join(data, 'models', 'collector'));
  assert.equal(models.read('collector', 'a.json'), undefined);
  models.write('collector', 'a.json', '{"x":"inside"}');
  assert.equal(readFileSync(join(outside, 'a.json'), 'utf8'), '{"x":"outside"}');
  assert.deepEqual(models.read('collector', 'a.json'), { x: 'inside' });
});

test('a file in the place of the folder is set aside', t => {
  const { data, models } = files(t);
  writeFileSync(join(data, 'models'), 'mine');
  models.write('collector', 'a.json', '{}');
  assert.deepEqual(models.read('collector', 'a.json'), {});
  const aside = readdirSync(data).filter(name => name !== 'models');
  assert.deepEqual(
    aside.map(name => readFileSync(join(data, name), 'utf8')),
    ['mine'],
  );
});

test('what a killed writer has left is swept, and nothing else', t => {
  const { data, models } = files(t);
  models.write('collector', 'a.json', '{}');
  const folder = join(data, 'models', 'collector');
  writeFileSync(join(folder, '.a.json.0123456789abcdef.tmp'), 'half');
  writeFileSync(join(folder, 'notes.txt'), 'mine');
  for (const name of readdirSync(folder)) utimesSync(join(folder, name), 1, 1);
  writeFileSync(join(folder, '.b.json.0123456789abcdef.tmp'), 'of one who is just writing');
  models.sweep();
  assert.deepEqual(readdirSync(folder).sort(), ['.b.json.0123456789abcdef.tmp', 'a.json', 'notes.txt']);
});

test('without any model there is nothing to sweep', t => {
  const { models } = files(t);
  models.sweep();
});
