#!/usr/bin/env node
/**
 * The command `watchkeeper`, and what npm, systemd and PM2 start. It stands in for two things that `node supervisor.ts` in a checkout
 * does not need: it goes over to the Node that came with the package where the machine's own is too old, and it takes the types out
 * of our files, which Node itself does everywhere but below `node_modules`. Plain JavaScript that any Node can read.
 */
import { spawn } from 'node:child_process';
import nodeModule, { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isTooOld, OLDEST_MAJOR } from '../oldest-node.mjs';

const SUPERVISOR = new URL('../../supervisor.ts', import.meta.url);

if (isTooOld) runWithOwnNode();
else {
  if (import.meta.url.includes('/node_modules/')) (await import('../own-types.mjs')).stripOwnTypes();
  else
    nodeModule.enableCompileCache(
      fileURLToPath(new URL('../../node_modules/.cache/watchkeeper', import.meta.url)),
    );
  await import(SUPERVISOR.href);
}

function runWithOwnNode() {
  const child = spawn(ownNode(), [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, WATCHKEEPER_WRAPPER: String(process.pid) },
  });
  for (const signal of ['SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  // Told to the whole group, the first one reaches the child twice; that there was a second one is known only here.
  let terminated = false;
  process.on('SIGTERM', () => {
    child.kill(terminated ? 'SIGUSR2' : 'SIGTERM');
    terminated = true;
  });
  child.once('error', error => {
    process.stderr.write(`watchkeeper: Node ${OLDEST_MAJOR} could not be started: ${error.message}\n`);
    process.exitCode = 2;
  });
  child.once('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGKILL' ? 137 : 1);
  });
}

function ownNode() {
  try {
    return createRequire(import.meta.url).resolve('node/bin/node');
  } catch {
    process.stderr.write(
      `watchkeeper: this is Node ${process.versions.node}, and Node ${OLDEST_MAJOR} is needed: install it, or let npm fetch it: with\n` +
        '"allowScripts": { "node": true } in your package.json, run `npm rebuild node`\n',
    );
    process.exit(2);
  }
}
