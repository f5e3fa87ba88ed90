import assert from 'node:assert/strict';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { afterEach, beforeEach } from 'node:test';
import { until } from './until.ts';

/**
 * A test that leaks fails: after every test of the file no child process, no file descriptor and no warning of
 * Node may be there that was not there before it. Call once at the top of a test file. Linux only; elsewhere it
 * checks the warnings alone.
 */
export function failOnLeaks(): void {
  let before = new Set<string>();
  const warnings: string[] = [];
  const onWarning = (warning: Error): void => {
    if (warning.name !== 'ExperimentalWarning') warnings.push(`${warning.name}: ${warning.message}`);
  };

  beforeEach(() => {
    before = new Set(openThings());
    warnings.length = 0;
    process.on('warning', onWarning);
  });
  afterEach(async () => {
    const leaked = (): string[] => openThings().filter(thing => !before.has(thing));
    await until('nothing is leaked', () => leaked().length === 0, 5_000).catch(() => {
      assert.deepEqual(leaked(), [], 'left behind by this test');
    });
    process.off('warning', onWarning);
    assert.deepEqual(warnings, []);
  });
}

function openThings(): string[] {
  if (process.platform !== 'linux') return [];
  return [...children(), ...descriptors()];
}

function children(): string[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(pid => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
        return parent === process.pid ? [`child ${pid} ${stat.slice(0, stat.lastIndexOf(')') + 1)}`] : [];
      } catch {
        return []; // ended while we looked
      }
    });
}

function descriptors(): string[] {
  return readdirSync('/proc/self/fd').flatMap(fd => {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`);
      return target.startsWith('/proc/') || target.startsWith('anon_inode') ? [] : [`descriptor ${target}`];
    } catch {
      return []; // the one of this listing
    }
  });
}
