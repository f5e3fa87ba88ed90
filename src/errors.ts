/**
 * Errors that carry their decision: a code to branch on, the exit code that it means, and whether trying again can help.
 * The message is for a person and says what to do next; nothing reads it.
 */

export const EXIT = { done: 0, failed: 1, usage: 2, held: 3, storage: 4 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const KINDS = {
  /** Wrong words on the command line. */
  usage: { exitCode: EXIT.usage, permanent: true },
  /** `watchkeeper.yaml` is missing or has problems. */
  config: { exitCode: EXIT.usage, permanent: true },
  /** Another supervisor holds this workspace. */
  held: { exitCode: EXIT.held, permanent: false },
  /** Another supervisor has taken this workspace over from us: stop before the next write. */
  fenced: { exitCode: EXIT.held, permanent: true },
  /** The store could not be read or written. */
  store: { exitCode: EXIT.storage, permanent: false },
  /** The store was replaced or removed while it was in use: start again, which takes the history over. */
  lost: { exitCode: EXIT.storage, permanent: true },
  /** A run could not be recorded before the end: what it was is lost. */
  unrecorded: { exitCode: EXIT.storage, permanent: true },
  /** A file in the workspace could not be read or written. */
  file: { exitCode: EXIT.storage, permanent: false },
  /** This operating system, or this Node, is not supported. */
  platform: { exitCode: EXIT.usage, permanent: true },
} as const;

export type ErrorCode = keyof typeof KINDS;

export class WatchkeeperError extends Error {
  override readonly name = 'WatchkeeperError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  get exitCode(): ExitCode {
    return KINDS[this.code].exitCode;
  }

  get permanent(): boolean {
    return KINDS[this.code].permanent;
  }
}

/** The `code` of a system error (`ENOENT`, `EACCES`, ...); null for anything else. */
export function systemErrorCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
