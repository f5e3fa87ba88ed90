import { type BigIntStats, statSync } from 'node:fs';
import { systemErrorCode } from '../errors.ts';

/**
 * What the file system says of these paths. As long as the text is the same, no file was changed, replaced, made or removed.
 * Of a folder only its identity and its owner count, not what is in it.
 */
export function fingerprint(paths: readonly string[]): string {
  return paths.map(path => signOf(path)).join('\n');
}

/** Whether all files were last changed before this moment. */
export function isSettled(paths: readonly string[], beforeMs: number): boolean {
  const limitMs = BigInt(Math.floor(beforeMs));
  return paths.every(path => {
    const stat = statOf(path);
    return (
      typeof stat === 'string' || stat.isDirectory() || (stat.mtimeMs < limitMs && stat.ctimeMs < limitMs)
    );
  });
}

function signOf(path: string): string {
  const stat = statOf(path);
  if (typeof stat === 'string') return stat;
  const identity = [stat.dev, stat.ino, stat.uid, stat.mode];
  return (stat.isDirectory() ? identity : [...identity, stat.size, stat.mtimeNs, stat.ctimeNs]).join(':');
}

/** Links are followed, as git does; in words why there is none. */
function statOf(path: string): BigIntStats | string {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false }) ?? 'absent';
  } catch (error) {
    return systemErrorCode(error) ?? 'unreadable';
  }
}
