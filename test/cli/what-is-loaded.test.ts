import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const CLI = join(import.meta.dirname, '../../src/cli');

/** Packages that take longer to load than most answers take. */
const HEAVY = ['zod', 'yaml', 'chokidar', 'simple-git', 'pino'];

/** Commands that need nothing of the configuration. */
const LIGHT = [
  ...['status', 'anomalies', 'set-baseline', 'baselines', 'trends', 'compare', 'bottlenecks', 'forecast'],
  'export',
];

/** What a module imports when it is loaded: neither types nor what it imports later. */
const LOADS = /^(?:import|export)\s+(?!type\b)(?:[^'"`;=()]*?\bfrom\s*)?['"]([^'"]+)['"]/gm;

/** The packages that are loaded with a file. */
function packagesOf(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, specifier = ''] of readFileSync(file, 'utf8').matchAll(LOADS)) {
    if (specifier.endsWith('.ts')) packagesOf(join(file, '..', specifier), seen);
    else seen.add(specifier);
  }
  return seen;
}

for (const name of LIGHT)
  test(`${name} starts without what only the configuration, the loop and git need`, () => {
    const loaded = packagesOf(join(CLI, `${name}.ts`));
    assert.deepEqual(
      HEAVY.filter(each => loaded.has(each)),
      [],
    );
  });

test('what a command that reads the configuration loads is seen', () => {
  const loaded = packagesOf(join(CLI, 'validate.ts'));
  assert.deepEqual(
    HEAVY.filter(each => loaded.has(each)),
    ['zod', 'yaml'],
  );
});
