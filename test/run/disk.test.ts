import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, statfsSync } from 'node:fs';
import { describe, type TestContext, test } from 'node:test';
import { findKeeperProgram } from '../../src/run/keeper-program.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { temporaryFolder } from '../helpers/workspace.ts';
import { direct, run, shell } from './running.ts';

failOnLeaks();
const skip = findKeeperProgram() === null ? 'no keeper on this machine' : false;

const WRITE = 'dd if=/dev/zero of=file bs=1000000 count=20 conv=fsync 2>/dev/null';
/** Past the page cache, which holds what was just written. */
const READ = 'dd if=file of=/dev/null bs=1M iflag=direct 2>/dev/null';

/** What the kernel says of the same commands without a keeper; null where it counts nothing, or not there. */
function counted(folder: string, field: 'read_bytes' | 'write_bytes', text: string): number | null {
  try {
    const said = execFileSync('sh', ['-c', `${text}; cat /proc/$$/io`], { cwd: folder, encoding: 'utf8' });
    const bytes = Number(new RegExp(`^${field}: (\\d+)$`, 'm').exec(said)?.[1] ?? 0);
    return bytes < 20e6 ? null : bytes;
  } catch {
    return null; // no such file, or dd cannot read so
  }
}

function skipUncounted(t: TestContext, folder: string): void {
  const type = `0x${statfsSync(folder).type.toString(16)}`;
  t.skip(`the file system of ${folder} (type ${type}) does not count what goes to and from a disk`);
}

describe('the disk traffic of a run', { skip }, () => {
  test('is what its processes wrote to a disk', async t => {
    const folder = temporaryFolder(t);
    if (counted(folder, 'write_bytes', WRITE) === null) return skipUncounted(t, folder);
    const { diskWrittenMb } = await shell(`sh -c '${WRITE}'; rm file`, { cwd: folder });
    assertMegabytes(diskWrittenMb);
  });

  test('is what its processes read from a disk, and not what was in memory', async t => {
    const folder = temporaryFolder(t);
    if (counted(folder, 'read_bytes', `${WRITE}; ${READ}`) === null) return skipUncounted(t, folder);
    const { diskReadMb, diskWrittenMb } = await shell(READ, { cwd: folder });
    assertMegabytes(diskReadMb);
    assert.ok(diskWrittenMb !== null && diskWrittenMb < 1, `${diskWrittenMb} MB written`);
    execFileSync('sh', ['-c', 'cat file > /dev/null'], { cwd: folder });
    const cached = await shell('cat file > /dev/null', { cwd: folder });
    assert.ok(cached.diskReadMb !== null && cached.diskReadMb < 10, `${cached.diskReadMb} MB read`);
  });

  test('includes that of a process whose parent has gone', async t => {
    const folder = temporaryFolder(t);
    if (counted(folder, 'write_bytes', WRITE) === null) return skipUncounted(t, folder);
    const { diskWrittenMb } = await shell(
      `(${WRITE}; touch done) & while ! [ -e done ]; do sleep 0.05; done`,
      { cwd: folder },
    );
    assertMegabytes(diskWrittenMb);
    assert.deepEqual(readdirSync(folder).sort(), ['done', 'file']);
  });

  test('in memory is none', { skip: !memoryFolder() && 'no file system in memory' }, async () => {
    const name = `watchkeeper-test-${process.pid}`;
    const { diskWrittenMb } = await shell(`head -c 20000000 /dev/zero > ${name}; rm ${name}`, {
      cwd: '/dev/shm',
    });
    assert.ok(diskWrittenMb !== null && diskWrittenMb < 1, `${diskWrittenMb} MB`);
  });
});

describe('the context switches of a run', { skip }, () => {
  test('are those of all its processes', async () => {
    const waits = 'select undef, undef, undef, 0.002 for 1 .. 50';
    const { contextSwitches } = await run(['perl', '-e', `fork; ${waits}; 1 while wait > 0`]);
    assert.ok(contextSwitches !== null && contextSwitches >= 100, `${contextSwitches}`);
    assert.ok(Number.isInteger(contextSwitches));
  });
});

test('without a keeper, and for a run that did not start, nothing of that is known', async () => {
  for (const { diskReadMb, diskWrittenMb, contextSwitches } of [
    await shell('sleep 0.1', {}, direct),
    await run(['/nonexistent']),
  ])
    assert.deepEqual([diskReadMb, diskWrittenMb, contextSwitches], [null, null, null]);
});

/** 20 MB, with what the file system needs for itself and the programs take along. */
function assertMegabytes(megabytes: number | null): void {
  assert.ok(megabytes !== null && megabytes >= 19.9 && megabytes < 30, `${megabytes} MB`);
}

function memoryFolder(): boolean {
  const TMPFS = 0x01_02_19_94;
  try {
    return statfsSync('/dev/shm').type === TMPFS;
  } catch {
    return false;
  }
}
