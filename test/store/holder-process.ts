import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { processIdentity } from '../../src/process-identity.ts';
import { holdWorkspace } from '../../src/store/lock.ts';

/**
 * A supervisor that does nothing but hold a workspace. Says on one line of JSON how each step went: `held`, `refused`,
 * `lost`; and takes commands from its standard input. Arguments: the data folder; `--host`, where it claims to be; `--watch`, how long
 * it watches a doubtful lock, in ms.
 */
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { host: { type: 'string' }, watch: { type: 'string', default: '1500' } },
});
const [data = ''] = positionals;

function say(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

function codeOf(error: unknown): object {
  const { code, message } = error as { code: string; message: string };
  return { code, message };
}

try {
  const hold = await holdWorkspace(data, {
    clock: { now: () => Date.now(), monotonic: () => performance.now() },
    identify: processIdentity,
    version: '0.1.0',
    onLost: error => say({ step: 'lost', ...codeOf(error) }),
    times: { stale: 120_000, update: 1_000, watch: Number(values.watch) },
    ...(values.host === undefined ? {} : { host: values.host }),
  });
  say({ step: 'held', pid: process.pid, setAside: hold.setAside, notices: hold.store.notices() });
  for await (const command of createInterface({ input: process.stdin })) {
    if (command === 'write') {
      try {
        hold.store.setFact('written', process.pid);
        say({ step: 'written' });
      } catch (error) {
        say({ step: 'failed', ...codeOf(error) });
      }
    } else if (command === 'release') {
      hold.release();
      say({ step: 'released' });
    } else if (command === 'idle') {
      say({ step: 'idle' }); // standard input ends after this: nothing else must keep the process alive
    }
  }
} catch (error) {
  say({ step: 'refused', ...codeOf(error) });
}
