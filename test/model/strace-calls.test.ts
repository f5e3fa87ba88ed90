import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesOf, callsOf, textOf, vectorOf } from './strace-calls.ts';

const hex = (text: string): string =>
  [...Buffer.from(text)].map(byte => `\\x${byte.toString(16).padStart(2, '0')}`).join('');

test('calls are read with their arguments, those that failed are left out', () => {
  const log = [
    `openat(AT_FDCWD, "${hex('/a, (b) = 3')}", O_WRONLY|O_CREAT|O_EXCL|O_CLOEXEC, 0600) = 21`,
    `unlink("${hex('/gone')}") = -1 ENOENT (No such file or directory)`,
    `mmap(NULL, 32768, PROT_READ|PROT_WRITE, MAP_SHARED, 23, 0) = 0x7f397cc3c000`,
    `writev(21, [{iov_base="${hex('one ')}", iov_len=4}, {iov_base="${hex('two')}", iov_len=3}], 2) = 7`,
    '+++ killed by SIGKILL +++',
  ];
  const [open, mmap, writev, ...rest] = [...callsOf(`${log.join('\n')}\n`)];
  assert.deepEqual([open?.name, open?.args.length, open?.result], ['openat', 4, 21]);
  assert.equal(textOf(open?.args[1]), '/a, (b) = 3');
  assert.deepEqual([mmap?.args[4], mmap?.result], ['23', 0x7f397cc3c000]);
  assert.equal(vectorOf(writev?.args[1]).toString(), 'one two');
  assert.deepEqual(rest, []);
});

test('a text that was cut off, and a line that is not understood, are no recording', () => {
  assert.throws(() => bytesOf('"\\x61"...'), /not a whole text/);
  assert.throws(() => [...callsOf('write(1, <unfinished ...>')], /not understood/);
});
