import type { ChildProcess } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';

/**
 * Where no descriptor is left (EMFILE, ENFILE), Node hands out a child without streams and tells the error a moment later.
 * simple-git trips over the missing streams before it listens, so nobody hears the error, and Node ends the process. With
 * this every git process has a listener from its making on; the call itself fails with what simple-git throws.
 */
subscribe('child_process', message => {
  const { process: child } = message as { process: ChildProcess };
  child.on('error', error => {
    const isGit = child.spawnargs.includes('git');
    if (!isGit && child.listenerCount('error') === 1) throw error; // as if nobody listened, which is so
  });
});
