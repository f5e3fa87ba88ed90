import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seeded } from '../faults/seeded.ts';
import { crashStates } from './crash.ts';
import { Disk } from './disk.ts';
import type { Operation } from './operations.ts';

/** A disk with an empty folder, after these operations. */
function diskAfter(...operations: Operation[]): Disk {
  const disk = new Disk({ base: [{ path: '', node: 1, content: null }], operations: [] });
  for (const [index, operation] of operations.entries()) disk.apply(operation, index + 1);
  return disk;
}

/** What a crash can leave, as texts: `a=hello` for a file, nothing for what is not there. */
function leftBy(disk: Disk, atRandom = 0): Set<string> {
  const states = crashStates(disk, atRandom, seeded(1));
  return new Set(states.map(state => textOf(state.files())));
}

function textOf(files: Map<string, Buffer | null>): string {
  const there = [...files].flatMap(([path, content]) => (content === null ? [] : [`${path}=${content}`]));
  return there.join(' ').replaceAll('\0', '0');
}

const create: Operation = { kind: 'create', path: 'a', node: 2, folder: false };
const write: Operation = { kind: 'write', node: 2, offset: 0, data: Buffer.from('new') };
const sync: Operation = { kind: 'sync', node: 2 };
const syncFolder: Operation = { kind: 'syncFolder', path: '' };

test('without any fsync a new file is whole, empty, full of zeros, or not there', () => {
  assert.deepEqual(leftBy(diskAfter(create, write)), new Set(['a=new', '', 'a=', 'a=000']));
});

test('an fsync of the file keeps its data, one of the folder its name, both together keep it for certain', () => {
  assert.deepEqual(leftBy(diskAfter(create, write, sync)), new Set(['a=new', '']));
  assert.deepEqual(leftBy(diskAfter(create, syncFolder, write)), new Set(['a=new', 'a=', 'a=000']));
  assert.deepEqual(leftBy(diskAfter(create, write, sync, syncFolder)), new Set(['a=new']));
});

test('a file that is renamed over another one without an fsync can lose both contents', () => {
  const old = [
    create,
    { ...write, data: Buffer.from('old') },
    sync,
    syncFolder,
    { kind: 'create', path: 'b', node: 3, folder: false },
    { kind: 'write', node: 3, offset: 0, data: Buffer.from('new') },
  ] satisfies Operation[];
  const rename: Operation = { kind: 'rename', from: 'b', to: 'a' };
  assert.deepEqual(leftBy(diskAfter(...old, rename)), new Set(['a=new', 'a=old', 'a=', 'a=000']));
  assert.deepEqual(leftBy(diskAfter(...old, { kind: 'sync', node: 3 }, rename)), new Set(['a=new', 'a=old']));
});

test('what is in a folder whose name is lost is lost with it', () => {
  const inside: Operation[] = [
    { kind: 'create', path: 'data', node: 2, folder: true },
    { kind: 'create', path: 'data/a', node: 3, folder: false },
    { kind: 'write', node: 3, offset: 0, data: Buffer.from('x') },
    { kind: 'sync', node: 3 },
    { kind: 'syncFolder', path: 'data' },
  ];
  assert.deepEqual(leftBy(diskAfter(...inside)), new Set(['data/a=x', '']));
  assert.deepEqual(leftBy(diskAfter(...inside, syncFolder)), new Set(['data/a=x']));
});

test('at random writes arrive in any order and in part, and names in their order', () => {
  const writes = [0, 3, 6].map(
    (offset): Operation => ({ ...write, offset, data: Buffer.from('abc') }) as Operation,
  );
  const later: Operation = { kind: 'create', path: 'b', node: 3, folder: false };
  const left = [...leftBy(diskAfter(create, syncFolder, ...writes, later), 400)];
  const datas = left.map(text => text.split(' ')[0]);
  assert.ok(datas.includes('a=000000abc'), 'the last write alone');
  assert.ok(
    datas.some(text => /^a=(abc)*[ab]{1,2}$/.test(text ?? '')),
    'a torn last write',
  );
  assert.ok(datas.includes('a=abc') && datas.includes('a=abcabcabc'));
  assert.ok(left.some(text => text.endsWith(' b=')) && left.some(text => !text.includes('b=')));
});

test('the same state is given once, and has the same key again', () => {
  const disk = diskAfter(create, write, sync, syncFolder);
  const [before] = crashStates(disk, 50, seeded(1));
  assert.equal(crashStates(disk, 50, seeded(1)).length, 1);
  disk.apply({ kind: 'syncFolder', path: '' }, 5);
  assert.equal(crashStates(disk, 0, seeded(1))[0]?.key, before?.key);
});
