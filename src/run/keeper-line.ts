import { errorName, signalName } from './signals.ts';
import type { StartStep } from './start-error.ts';
import type { StartSpec, Totals } from './started.ts';

/** What the keeper says; the form of its lines is described in `keeper.pl`. */
export type KeeperReport =
  | { kind: 'ready'; stdout: number; stderr: number }
  | { kind: 'started'; pid: number }
  | { kind: 'new' }
  | { kind: 'failed'; step: StartStep; code: string }
  | {
      kind: 'exited';
      exitCode: number | null;
      signal: string | null;
      runtimeSeconds: number;
      usage: Totals;
    }
  | { kind: 'ended'; usage: Totals };

const FORM =
  /^(?:ready \d+ \d+|started \d+|new|failed [a-z]+ \d+|exited -?\d+ -?\d+(?: -?\d+){5}|ended(?: -?\d+){5})$/;

/** What storage is counted in, whatever its own blocks are. */
const BLOCK_BYTES = 512;

/** Null for anything but a report: none has a number that is none. */
export function parseKeeperLine(line: string): KeeperReport | null {
  if (!FORM.test(line)) return null;
  const [word, ...fields] = line.split(' ');
  const number = (index: number): number => Number(fields[index]);
  switch (word) {
    case 'ready':
      return { kind: 'ready', stdout: number(0), stderr: number(1) };
    case 'started':
      return { kind: 'started', pid: number(0) };
    case 'new':
      return { kind: 'new' };
    case 'failed':
      return { kind: 'failed', step: stepOf(fields[0]), code: errorName(number(1)) };
    case 'exited':
      return {
        kind: 'exited',
        ...waitStatus(number(0)),
        runtimeSeconds: number(1) / 1e9,
        usage: usage(fields.slice(2)),
      };
    case 'ended':
      return { kind: 'ended', usage: usage(fields) };
    default:
      return null;
  }
}

/** The status of wait(2): the signal in the low seven bits, else the exit code in the next eight. */
function waitStatus(status: number): { exitCode: number | null; signal: string | null } {
  const signal = status & 0x7f;
  return signal === 0
    ? { exitCode: (status >> 8) & 0xff, signal: null }
    : { exitCode: null, signal: signalName(signal) };
}

function usage(fields: string[]): Totals {
  const [microseconds = null, kilobytes = null, blocksIn = null, blocksOut = null, switches = null] =
    fields.map(field => (Number(field) < 0 ? null : Number(field)));
  return {
    cpuSeconds: microseconds === null ? null : microseconds / 1e6,
    peakBytes: kilobytes === null ? null : kilobytes * 1024,
    readBytes: blocksIn === null ? null : blocksIn * BLOCK_BYTES,
    writtenBytes: blocksOut === null ? null : blocksOut * BLOCK_BYTES,
    contextSwitches: switches,
  };
}

function stepOf(word: string | undefined): StartStep {
  return word === 'chdir' || word === 'exec' ? word : 'fork';
}

/** What the keeper is to start: length and strings, as described in `keeper.pl`. */
export function keeperOrder(spec: StartSpec): Buffer {
  const strings = [spec.cwd, String(spec.argv.length), ...spec.argv, ...Object.entries(spec.env).flat()];
  const order = Buffer.from(`\0\0\0\0${strings.join('\0')}`);
  order.writeUInt32BE(order.length - 4);
  return order;
}
