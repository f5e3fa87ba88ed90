import { writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { Watch } from './watchdog.ts';

const LOOK_EVERY_MS = 500;

const signs = workerData as Int32Array;
let watch: Watch | null = null;
let seen = -1;
let lastSignMs = 0;

parentPort?.on('message', (next: Watch | null) => {
  watch = next;
  lastSignMs = performance.now();
});

setInterval(() => {
  const now = Atomics.load(signs, 0);
  if (now !== seen) lastSignMs = performance.now();
  seen = now;
  if (watch === null || performance.now() - lastSignMs < watch.limitMs) return;
  writeSync(2, `hangs: ${watch.name}\n`);
  process.kill(process.pid, 'SIGKILL'); // `process.exit` of a thread ends only the thread
}, LOOK_EVERY_MS);

parentPort?.postMessage('ready');
