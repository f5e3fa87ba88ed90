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
  const guarded = Object.entries<Answering>(methods).map(([name, answer]) => [
    name,
    guard(answer, given => refuse(name as Method, given), PROMISING.includes(name)),
  ]);
  return Object.fromEntries(guarded);
}

function guard(
  answer: Answering,
  refuse: (given: readonly unknown[]) => void,
  isPromising: boolean,
): Answering {
  const guarded = (...given: never[]): unknown => {
    refuse(given);
    return answer(...given);
  };
  return isPromising ? async (...given) => guarded(...given) : guarded;
}
