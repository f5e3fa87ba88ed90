#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// Node keeps what it has compiled between starts: `status` answers in half the time. Beside the packages, where it is swept with them.
enableCompileCache(join(import.meta.dirname, 'node_modules', '.cache', 'watchkeeper'));

const { main } = await import('./src/cli/main.ts');

// A reader that went away (`watchkeeper run | head`) is no reason to stop supervising.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

process.exitCode = await main(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  abort: () => process.exit(1),
});
