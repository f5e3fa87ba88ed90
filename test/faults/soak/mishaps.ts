import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { whileAlive } from '../program.ts';
import type { Soak } from './workspace.ts';

/** Something that goes wrong, and is over when `strike` resolves; the supervisor runs then. */
interface Mishap {
  what: string;
  strike(soak: Soak): Promise<void>;
}

export const MISHAPS: Mishap[] = [
  {
    what: 'kill -9',
    async strike(soak) {
      await soak.finish('SIGKILL');
      await soak.start();
    },
  },
  {
    what: 'restart',
    async strike(soak) {
      const code = await soak.finish('SIGTERM');
      if (code !== 0) throw new Error(`an orderly end was with ${code}`);
      await soak.start();
    },
  },
  {
    what: 'standstill',
    async strike(soak) {
      soak.supervisor().process.kill('SIGSTOP');
      await sleep(1_000);
      soak.supervisor().process.kill('SIGCONT');
    },
  },
  {
    what: 'clock back',
    async strike(soak) {
      await soak.moveTo(soak.clock.now() - 3_600_000);
    },
  },
  {
    what: 'full disk',
    async strike(soak) {
      soak.disk.fill();
      await sleep(2_000);
      soak.disk.free();
    },
  },
  {
    what: 'git busy',
    async strike(soak) {
      await withFile(soak, '.git/index.lock', '');
    },
  },
  {
    what: 'merge',
    async strike(soak) {
      await withFile(soak, '.git/MERGE_HEAD', soak.workspace.git('rev-parse', 'HEAD'));
    },
  },
  {
    what: 'commit of the user',
    async strike({ workspace }) {
      workspace.git('commit', '--quiet', '--allow-empty', '--only', '--message=by the user');
    },
  },
  {
    what: 'cut file',
    async strike(soak) {
      await soak.finish('SIGKILL');
      const file = soak.random() < 0.5 ? 'performance.json' : 'status.json';
      truncateSync(soak.workspace.path('data', file), Math.floor(soak.random() * 500));
      await soak.start();
    },
  },
  {
    what: 'removed file',
    async strike(soak) {
      const file = soak.random() < 0.5 ? 'performance.json' : 'status.json';
      rmSync(soak.workspace.path('data', file), { force: true });
    },
  },
  {
    what: 'left-over',
    // As of a writer that was killed: it goes with the next start, which so belongs to the mishap.
    async strike(soak) {
      await soak.finish('SIGKILL');
      writeFileSync(
        soak.workspace.path(
          'data',
          `.performance.json.${Math.floor(soak.random() * 1e9)
            .toString(16)
            .padStart(16, '0')}.tmp`,
        ),
        'half',
      );
      await soak.start();
    },
  },
  {
    what: 'bad edit',
    async strike(soak) {
      const said = soak.supervisor().stderr().length;
      soak.workspace.write('watchkeeper.yaml', `${soak.yaml}  : [`);
      await whileAlive(soak.supervisor(), 'the bad edit is told', () =>
        soak.supervisor().stderr().slice(said).includes('the old configuration stays'),
      );
      soak.workspace.write('watchkeeper.yaml', soak.yaml);
    },
  },
];

/** A file of git's that says that the user is in the middle of something, for a few iterations. */
async function withFile(soak: Soak, file: string, text: string): Promise<void> {
  try {
    writeFileSync(soak.workspace.path(file), text, { flag: 'wx' });
  } catch {
    return; // git itself holds it just now
  }
  await soak.recovered();
  await soak.recovered();
  rmSync(soak.workspace.path(file));
}
