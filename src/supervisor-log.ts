import { pino } from 'pino';
import { messageOf } from './errors.ts';
import type { Clock } from './glossary/clock.ts';
import type { Reporter } from './glossary/reporter.ts';
import { LogFile } from './run/log-file.ts';
import { outcomeText } from './summary.ts';

export interface SupervisorLog {
  reporter: Reporter;
  close(): Promise<void>;
}

/** No module can be called so: its log can not be mixed up with one of theirs. */
const NAME = '_supervisor';

/**
 * The supervisor's own log, `logs/_supervisor.log`: JSON lines, rotated. It is a convenience beside the store: where it can
 * not be written that is said once, lines are dropped, and the supervisor goes on.
 */
export function openSupervisorLog(
  options: { folder: string; maxBytes: number; files: number; clock: Clock },
  onProblem: (message: string) => void,
): SupervisorLog {
  const file = new LogFile({ ...options, name: NAME });
  let failing = false;
  let work: Promise<void> = Promise.resolve();
  const append = async (line: string): Promise<void> => {
    try {
      await file.append(Buffer.from(line));
      failing = false;
    } catch (error) {
      if (!failing) onProblem(`${file.path} cannot be written: ${messageOf(error)}`);
      failing = true;
    }
  };
  const write = (line: string): void => {
    work = work.then(() => append(line));
  };
  const log = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, { write });
  return {
    reporter: {
      runEnded: (run, events) => log.info({ run, events }, `${run.module} ${outcomeText(run)}`),
      iterationEnded: ({ iteration, message, status, commit }) =>
        log.info({ iteration, status, commit }, message),
      info: message => log.info(message),
      warn: message => log.warn(message),
    },
    close: () => work.then(() => file.close()),
  };
}

/** Tells several reporters the same. */
export function allReporters(reporters: Reporter[]): Reporter {
  const each = (tell: (reporter: Reporter) => void): void => reporters.forEach(tell);
  return {
    runEnded: (run, events) => each(reporter => reporter.runEnded(run, events)),
    iterationEnded: summary => each(reporter => reporter.iterationEnded(summary)),
    info: message => each(reporter => reporter.info(message)),
    warn: message => each(reporter => reporter.warn(message)),
  };
}
