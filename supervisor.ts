#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';

// Node keeps what it has compiled between starts: `status` answers in half the time. Beside the packages, where it is swept with them.
enableCompileCache(join(import.meta.dirname, 'node_modules', '.cache', 'watchkeeper'));

const { outlivesTerminal } = await import('./src/cli/hang-up.ts');
const { main } = await import('./src/cli/main.ts');
const { standardOutput } = await import('./src/cli/output.ts');

// A file that may not grow any more (ulimit -f) is an error of the write, and no reason to be ended by the system.
process.on('SIGXFSZ', () => undefined);

// `nohup` holds for every command: that SIGHUP was to be ignored is forgotten by Node.
if (outlivesTerminal()) process.on('SIGHUP', () => undefined);

// The young generation stays at 1 MB: for what happens here more is only memory that is held (30 MB under a flood of output).
setFlagsFromString('--semi-space-growth-factor=1');

process.exitCode = await main(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: standardOutput(process),
  stderr: process.stderr,
  env: process.env,
  abort: () => process.exit(1),
});
