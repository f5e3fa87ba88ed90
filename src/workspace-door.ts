import { WatchkeeperError } from './errors.ts';
import { type Asked, checkArguments, type Method } from './workspace-arguments.ts';

type Answering = (...given: never[]) => unknown;

/** They answer with a promise, which is rejected where they refuse. */
const PROMISING: readonly string[] = ['recommend', 'report', 'bench', 'bisect', 'record'] satisfies Method[];

/**
 * The methods of a workspace, each of which refuses before it begins where the workspace is closed or its arguments are of a wrong form.
 *
 * @throws WatchkeeperError 'usage', from each of them
 */
export function atTheDoor(methods: Asked, isOpen: () => boolean): Asked {
  const refuse = (name: Method, given: readonly unknown[]): void => {
    if (!isOpen()) throw new WatchkeeperError('usage', `${name}: the workspace is closed: open it once more`);
    checkArguments(name, given);
  };
  const guarded = Object.entries<Answering>(methods).map(([name, answer]) => {
    const guardedAnswer = guard(answer, given => refuse(name as Method, given));
    return [name, PROMISING.includes(name) ? promised(name, guardedAnswer, isOpen) : guardedAnswer];
  });
  return Object.fromEntries(guarded);
}

function guard(answer: Answering, refuse: (given: readonly unknown[]) => void): Answering {
  return (...given) => {
    refuse(given);
    return answer(...given);
  };
}

/** A promise that nobody waits for finds the workspace closed under it. */
function promised(name: string, answer: Answering, isOpen: () => boolean): Answering {
  return async (...given) => {
    try {
      return await answer(...given);
    } catch (error) {
      if (isOpen() || error instanceof WatchkeeperError) throw error;
      const message = `${name}: the workspace was closed before the answer was there: await it first`;
      throw new WatchkeeperError('usage', message, { cause: error });
    }
  };
}
