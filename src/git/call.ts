import { simpleGit } from 'simple-git';
import { messageOf } from '../errors.ts';
import { type Conversation, converse } from './converse.ts';
import { ALLOWED_VARIABLES, GIT_CONFIG, gitEnvironment } from './environment.ts';
import { GitFailure } from './failure.ts';
import { inTime } from './in-time.ts';
import { type Mark, newMark } from './marked.ts';
import './spawn-errors.ts';

export interface CallOptions {
  /** What git reads from its stdin; nothing by default. Never a terminal. */
  input?: Buffer | string;
  /** Added to the environment, e.g. GIT_INDEX_FILE. */
  env?: Record<string, string>;
  /** Further `name=value` settings. */
  config?: string[];
  /** Takes only what others leave of the processor. */
  isLowPriority?: boolean;
}

/** How one git process ended. `exitCode` is negative where it could not be started. */
export interface CallResult {
  exitCode: number;
  stdout: string;
  /** The same as `stdout`, for what is not text. */
  bytes: Buffer;
  stderr: string;
}

/** Runs git in a fixed folder, under a time limit. */
export interface Git {
  /** One command. Rejects with GitFailure only where the time is over. */
  (args: string[], options?: CallOptions): Promise<CallResult>;
  /** Starts one that is spoken with. */
  converse(args: string[]): Conversation;
}

/** Git for one piece of work in `folder`; `signal` ends whatever is under way when the time is over. */
function gitIn(folder: string, signal: AbortSignal): Git {
  const call = (args: string[], options: CallOptions = {}): Promise<CallResult> => {
    const mark = newMark();
    return inTime(run(folder, args, options, mark, signal), { name: `git ${args[0]}`, mark, signal });
  };
  return Object.assign(call, { converse: (args: string[]) => converse(folder, args, signal) });
}

/** Git in a folder, for a piece of work under one time limit; null: in the folder of the work itself. */
export type GitIn = (folder: string | null) => Git;

/** Does a piece of work in `folder` whose git processes are ended when it takes too long, or when `stop` is aborted. */
export async function withinTime<T>(
  timeoutMs: number,
  folder: string,
  work: (git: GitIn) => Promise<T>,
  stop?: AbortSignal,
): Promise<T> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), timeoutMs);
  const signal = stop === undefined ? limit.signal : AbortSignal.any([limit.signal, stop]);
  try {
    return await work(other => gitIn(other ?? folder, signal));
  } finally {
    clearTimeout(timer);
  }
}

/** Like the call itself, but what fails rejects with git's own words. */
export async function output(git: Git, args: string[], options?: CallOptions): Promise<CallResult> {
  const result = await git(args, options);
  if (result.exitCode === 0) return result;
  const reason = firstLine(result.stderr) || `exit code ${result.exitCode}`;
  throw new GitFailure(`git ${args.find(arg => !arg.startsWith('-'))} failed: ${reason}`);
}

export function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0] ?? '';
}

async function run(
  folder: string,
  args: string[],
  options: CallOptions,
  mark: Mark,
  signal: AbortSignal,
): Promise<CallResult> {
  let ended = { exitCode: -1, bytes: Buffer.alloc(0), stderr: '' };
  // An empty buffer, not an empty string: for that one simple-git would leave git's stdin open.
  const { input: given = '' } = options;
  const input = typeof given === 'string' ? Buffer.from(given) : given;
  try {
    const git = simpleGit({
      baseDir: folder,
      binary: options.isLowPriority === true ? ['nice', 'git'] : 'git',
      abort: signal,
      config: [...GIT_CONFIG, ...(options.config ?? [])],
      allowEnvironment: ALLOWED_VARIABLES,
      // The settings above switch these off; simple-git guards them in both directions.
      unsafe: { allowUnsafeHooksPath: true, allowUnsafeFsMonitor: true, allowUnsafeFilter: true },
      input: () => input,
      // Exit codes and stderr decide here, not exceptions: take both down, and call everything a success.
      errors: (_error, { exitCode, stdOut, stdErr }) => {
        // Null where a signal ended it.
        ended = {
          exitCode: exitCode ?? -1,
          bytes: Buffer.concat(stdOut),
          stderr: Buffer.concat(stdErr).toString(),
        };
        return undefined;
      },
    });
    const stdout = await git.env(gitEnvironment(process.env, mark, options.env)).raw(args);
    return { ...ended, stdout };
  } catch (error) {
    return { ...ended, exitCode: -1, stdout: '', stderr: messageOf(error) };
  }
}
