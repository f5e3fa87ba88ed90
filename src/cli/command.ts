import type { Readable } from 'node:stream';
import type { ExitCode } from '../errors.ts';
import type { TextStream } from './terminal.ts';

/** What every command is given: the workspace, how to answer, and its surroundings. */
export interface Context {
  /** The workspace, absolute. */
  root: string;
  /** Facts as one JSON document on standard output. */
  json: boolean;
  stdin: Readable;
  stdout: TextStream;
  stderr: TextStream;
  env: NodeJS.ProcessEnv;
  /** Ends the process at once, without the orderly end: for a second SIGTERM. */
  abort(): void;
}

/** One command of the command line, as the help shows it: an entry in `commands.ts`. */
export interface CommandEntry {
  name: string;
  summary: string;
  /** Positional arguments as the help shows them, such as `[MODULE...]`. */
  arguments?: string;
  /** Flags and what they do. */
  options?: [flags: string, description: string][];
  /** Examples for `--help`. */
  examples?: string[];
  load(): Promise<CliCommand>;
}

/** What a command does: a file of its own. Options come as the flags name them (`--since` as `since`). */
export type CliCommand = (
  context: Context,
  args: string[],
  options: Record<string, unknown>,
) => Promise<ExitCode>;
