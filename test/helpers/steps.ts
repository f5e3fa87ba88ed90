/**
 * A small pipeline with all that a supervisor does: an interval, retries that fail and succeed, a module after another,
 * a service, and a metric whose incidents open, recover and persist all the time. Each part is `step.sh SECONDS`.
 */
export const PIPELINE = `history: { runs: 10000 }
git: { commitOn: [ok, recovered, persisted, anomaly, error] }
modules:
  quick: { command: sh step.sh 0, schedule: every 1s }
  slow: { command: sh step.sh 0.3, schedule: every 1s, retries: 1, retryDelay: 10ms }
  next: { command: sh step.sh 0.05, after: [quick] }
services:
  feed: { command: sh step.sh 600 }
detection: { window: 2, recoveryRuns: 2 }
`;

/** Two modules one after the other, for what starts `once` again and again; incidents and failures as in the other. */
export const TWO_STEPS = `history: { runs: 10000 }
git: { commitOn: [ok, recovered, persisted, anomaly, error] }
modules:
  first: { command: sh step.sh 0 }
  second: { command: sh step.sh 0, after: [first] }
detection: { window: 2, recoveryRuns: 2 }
`;

/**
 * The text of `step.sh`: each start leaves its run's id in the file of its name in this folder, and whoever finds another one
 * of it still alive says so in `twice`.
 */
export const stepScript = (marks: string): string => `exec 9>> "${marks}/$WATCHKEEPER_MODULE"
flock --nonblock 9 || echo "$WATCHKEEPER_MODULE" >> "${marks}/twice"
echo "$WATCHKEEPER_RUN_ID" >&9
test -z "$WATCHKEEPER_METRICS" || printf '{"metric":"rows","value":%s}\\n{"metric":"setupSeconds","value":0}\\n{"label":"turn","value":"%s"}\\n' "$((WATCHKEEPER_ITERATION % 5 / 3))" "$((WATCHKEEPER_ITERATION % 2))" >> "$WATCHKEEPER_METRICS"
sleep "$1"
test "$((WATCHKEEPER_ITERATION % 4))" != 3
`;
