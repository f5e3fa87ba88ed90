import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, lstatSync, renameSync, rmSync } from 'node:fs';
import type { Server } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { withShortPath } from './short-path.ts';

/** What the intake needs of the workspace's files, given by whoever constructs it. */
export interface SocketFiles {
  /** Makes the folder where it is missing. @throws WatchkeeperError 'file' */
  prepareFolder(): void;
  /** Moves whatever stands at a path away, unopened. @returns where to. @throws WatchkeeperError 'file' */
  setAside(path: string): string;
}

/**
 * The socket's place in the file system. It is bound under a name that nobody knows, made private, and then put in its place in one
 * step: nobody ever meets it with other rights, and what a killed supervisor has left there is replaced.
 */
export class SocketFile {
  readonly path: string;
  readonly #files: SocketFiles;
  #identity: string | null = null;

  constructor(path: string, files: SocketFiles) {
    this.path = path;
    this.#files = files;
  }

  /**
   * Binds the server and puts its socket in place.
   *
   * @returns where something that was no socket was set aside; null where nothing was in the way
   * @throws WatchkeeperError 'file', or the system's error
   */
  async listen(server: Server): Promise<string | null> {
    this.#files.prepareFolder();
    const temporary = join(
      dirname(this.path),
      `.${basename(this.path)}.${randomBytes(8).toString('hex')}.tmp`,
    );
    try {
      await withShortPath(temporary, async short => {
        server.listen(short);
        await once(server, 'listening');
      });
      chmodSync(temporary, 0o600);
      const aside = this.#clear();
      renameSync(temporary, this.path);
      this.#identity = identityOf(this.path);
      return aside;
    } catch (error) {
      server.close();
      rmSync(temporary, { force: true });
      throw error;
    }
  }

  /** Whether what stands in the place is what was put there. */
  isInPlace(): boolean {
    return this.#identity !== null && identityOf(this.path) === this.#identity;
  }

  /** Removes the socket, where it is still ours. */
  remove(): void {
    if (this.isInPlace()) rmSync(this.path, { force: true });
    this.#identity = null;
  }

  #clear(): string | null {
    const stat = lstatSync(this.path, { throwIfNoEntry: false });
    return stat === undefined || stat.isSocket() ? null : this.#files.setAside(this.path);
  }
}

/** The time as well: the number of a file that is gone is given to the next one. */
function identityOf(path: string): string | null {
  const stat = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? null : `${stat.dev}:${stat.ino}:${stat.mtimeNs}`;
}
