import type { Reporter } from '../glossary/reporter.ts';
import type { TextStream } from './terminal.ts';

/** The reporter of `--json`: one JSON document a line, each with its `type`; what is no fact stays on standard error. */
export function jsonReporter({ stdout, stderr }: { stdout: TextStream; stderr: TextStream }): Reporter {
  const line = (fact: object): void => void stdout.write(`${JSON.stringify(fact)}\n`);
  return {
    runEnded: (run, events) => line({ type: 'run', run, events }),
    iterationEnded: summary => line({ type: 'iteration', ...summary }),
    info: message => void stderr.write(`${message}\n`),
    warn: message => void stderr.write(`warning: ${message}\n`),
  };
}
