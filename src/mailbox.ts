import { join } from 'node:path';
import { CLOCK } from './clock.ts';
import { WatchkeeperError } from './errors.ts';
import { writeFileAtomic } from './store/atomic.ts';
import { readRegularFile } from './store/read-file.ts';
import { Mailbox } from './trigger/requests.ts';

/** Where `trigger` and the supervisor leave their messages. */
export function openMailbox(root: string): Mailbox {
  return new Mailbox(join(root, 'data'), {
    read(path, maxBytes) {
      const result = readRegularFile(path, maxBytes);
      if (result === null) return null;
      if ('problem' in result) throw new WatchkeeperError('file', `${path} ${result.problem}`);
      return result.content.toString('utf8');
    },
    write: (path, text) => void writeFileAtomic(path, text, CLOCK.now()),
  });
}
