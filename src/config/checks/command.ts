import { argvOf, hasOpenQuote } from '../argv.ts';
import { commandsOf, type Draft, type Raw, rawOf } from '../draft.ts';
import { parseDuration } from '../duration.ts';
import { ENV_NAME } from '../names.ts';
import type { Finding } from '../problems.ts';

const SHELL_WORDS = new Set(['|', '||', '&&', '&', ';', '>', '>>', '<', '2>', '2>&1', '&>']);

/** Each command names a program, in a form that its `shell` takes. Nothing of a command is quoted: it may hold a secret. */
export function* commands(draft: Draft): Generator<Finding> {
  for (const { path, raw } of commandsOf(draft)) {
    const command = raw['command'];
    const shell = raw['shell'] === true;
    if (typeof command !== 'string' && !isArguments(command)) continue;
    const problem = commandProblem(command, shell);
    if (problem !== null) yield { path: [...path, 'command'], message: problem };
    const word = shell ? undefined : shellWord(command);
    if (word === undefined) continue;
    const message = `holds ${word}, which the program gets as an argument: \`shell: true\` asks for a shell`;
    yield { path: [...path, 'command'], message, warning: true };
  }
}

type Command = string | (string | number | boolean)[];

function isArguments(value: unknown): value is Command {
  return Array.isArray(value) && value.every(item => ['string', 'number', 'boolean'].includes(typeof item));
}

function commandProblem(command: Command, shell: boolean): string | null {
  if (shell && typeof command !== 'string') return 'must be one text where `shell: true` stands beside it';
  const [program = ''] = argvOf(command, shell);
  if (program.trim() === '') return 'is empty: it must name a program, such as `node modules/collector.ts`';
  if (!shell && typeof command === 'string' && hasOpenQuote(command)) {
    return 'has a quote that is never closed: close it, or give a list of program and arguments';
  }
  return null;
}

/** A list is meant as it stands; in a text a lone `|` is nearly always meant for a shell. */
function shellWord(command: Command): string | undefined {
  return typeof command === 'string' ? argvOf(command, false).find(word => SHELL_WORDS.has(word)) : undefined;
}

/** Variables have names that a program can read, and none that the supervisor sets itself. */
export function* environment(draft: Draft): Generator<Finding> {
  for (const { path, raw } of commandsOf(draft)) {
    for (const name of Object.keys(rawOf(raw['env']))) {
      const message = variableProblem(name);
      if (message === null) continue;
      // A name of the wrong form is not shown: `env: {TOKEN=secret}` makes one of a secret.
      const shown = ENV_NAME.test(name) ? [...path, 'env', name] : [...path, 'env'];
      yield { path: shown, at: [...path, 'env', name], message };
    }
  }
}

function variableProblem(name: string): string | null {
  if (!ENV_NAME.test(name)) {
    return 'has a name that no variable can have: letters, digits, _, . and -, a letter or _ first, and `NAME: value` with a colon';
  }
  return name.startsWith('WATCHKEEPER_')
    ? 'is set by the supervisor itself: take a name without WATCHKEEPER_'
    : null;
}

/** The longest delay before a restart is not shorter than the first one. */
export function* restartDelays(draft: Draft): Generator<Finding> {
  for (const [name, raw] of draft.services) {
    const first = delayOf(raw, 'restartDelay', '1s');
    const longest = delayOf(raw, 'maxRestartDelay', '1m');
    if (first === null || longest === null || first <= longest) continue;
    const key = 'maxRestartDelay' in raw ? 'maxRestartDelay' : 'restartDelay';
    yield {
      path: ['services', name, key],
      message:
        'does not fit: restartDelay (1s unless given) must be at most maxRestartDelay (1m unless given)',
    };
  }
}

function delayOf(raw: Raw, key: string, otherwise: string): number | null {
  const given = raw[key] ?? otherwise;
  return typeof given === 'string' ? parseDuration(given) : null;
}
