import type { AnomalyEvent } from '../glossary/event.ts';
import type { CommitStatus } from '../glossary/iteration.ts';
import type { Incident } from '../glossary/judgement.ts';
import type { Run } from '../glossary/run.ts';
import type { GitSettings } from '../glossary/settings.ts';
import { lastRuns, statusOf } from '../summary.ts';
import { commitMessage, commitSubject } from './message.ts';

/** What the decision for or against a commit is made from. */
export interface CommitFacts {
  settings: GitSettings;
  iteration: number;
  /** The runs of this iteration, in the order in which they ended. */
  runs: Run[];
  /** All events since the last commit that succeeded, those of this iteration included, oldest first. */
  events: AnomalyEvent[];
  openIncidents: Incident[];
  /** When the last commit with the status `ok` was made; null: never. */
  lastOkCommitMs: number | null;
  nowMs: number;
}

/** A commit that is to be made. */
export interface CommitPlan {
  iteration: number;
  status: CommitStatus;
  /** The first line of the message. */
  subject: string;
  /** The whole message: subject, body and trailers. */
  message: string;
}

/** Says whether this iteration is committed, and with which words; null: no commit. Pure. */
export function planCommit(facts: CommitFacts): CommitPlan | null {
  const { settings, iteration } = facts;
  if (!settings.enabled) return null;
  const finalRuns = lastRuns(facts.runs);
  const events = tellable(facts);
  const status = statusOf({ runs: finalRuns, events, openIncidents: facts.openIncidents });
  if (!settings.commitOn.includes(status)) return null;
  if (status === 'ok' && !okIsDue(facts)) return null;
  const content = { iteration, status, runs: finalRuns, events, openIncidents: facts.openIncidents };
  const subject = commitSubject(content);
  return { iteration, status, subject, message: commitMessage(subject, content) };
}

/**
 * The events that the message tells. Those of earlier iterations are left out where their kind has no commit of
 * its own: nothing would ever take them off the list, and they would stand in the way of every later `ok`.
 */
function tellable({ settings, iteration, events }: CommitFacts): AnomalyEvent[] {
  return events.filter(
    event =>
      event.iteration === iteration || event.event === 'anomaly' || settings.commitOn.includes(event.event),
  );
}

function okIsDue({ settings, lastOkCommitMs, nowMs }: CommitFacts): boolean {
  // A last commit in the future means that the clock was set back: nothing to wait for.
  if (lastOkCommitMs === null || lastOkCommitMs > nowMs) return true;
  return nowMs - lastOkCommitMs >= settings.okEveryMs;
}
