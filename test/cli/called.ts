import { Readable } from 'node:stream';
import { main } from '../../src/cli/main.ts';

export interface Called {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs one command line within this process: for commands that start no supervisor. */
export async function call(...argv: string[]): Promise<Called> {
  return callWith('', ...argv);
}

/** Like `call`, with something on standard input. */
export async function callWith(input: string, ...argv: string[]): Promise<Called> {
  const [stdout, stderr] = [sink(), sink()];
  const code = await main(argv, {
    stdin: Readable.from(input === '' ? [] : [Buffer.from(input)]),
    stdout,
    stderr,
    env: { NO_COLOR: '1' },
    abort: () => {
      throw new Error('nobody has asked for an end at once');
    },
  });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

function sink(): { write(text: string): void; text(): string } {
  const written: string[] = [];
  return { write: text => void written.push(text), text: () => written.join('') };
}
