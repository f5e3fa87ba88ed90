import { spawnSync } from 'node:child_process';
import { missingOf, type Need, packageOf, probeAgain } from './needs.ts';

/**
 * Installs the Debian packages of what is missing, where this is root on a Debian; says what it does. Where that fails
 * nothing is lost: the rows that need it are skipped, and say why.
 */
export function install(needs: Need[], say: (text: string) => void): void {
  const missing = needs.filter(need => missingOf([need]) !== null);
  const packages = [...new Set(missing.map(packageOf).filter(name => name !== null))];
  if (packages.length === 0 || process.getuid?.() !== 0) return;
  say(`installing ${packages.join(', ')} (for ${missing.join(', ')}) with apt-get`);
  const why = installed(packages) ?? (apt('update') === null ? installed(packages) : 'no package lists');
  if (why !== null) say(`not installed: ${why}`);
  probeAgain();
}

function installed(packages: string[]): string | null {
  return apt('install', '--no-install-recommends', ...packages);
}

/** Null where it worked; else the last line of what it said. */
function apt(...args: string[]): string | null {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const options = { encoding: 'utf8', timeout: 300_000, env } as const;
  const { error, status, stderr } = spawnSync('apt-get', ['-y', '-qq', ...args], options);
  if (error !== undefined) return error.message;
  return status === 0 ? null : (stderr.trim().split('\n').at(-1) ?? `exit code ${status}`);
}
