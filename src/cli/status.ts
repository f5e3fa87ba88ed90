import { EXIT } from '../errors.ts';
import type { ServiceStatus } from '../glossary/service.ts';
import { surestOf } from '../judge/surest.ts';
import { openToShow } from '../reading.ts';
import type { Status } from '../store/status.ts';
import type { Store } from '../store/store.ts';
import { outcomeText } from '../summary.ts';
import type { CliCommand, Context } from './command.ts';
import { ago, isGoodNews, judgedDeviation, metricColumns, NONE, seconds } from './format.ts';
import { hasEnded, type StatusNow, statusNow } from './status-now.ts';
import { table, widthOf } from './table.ts';
import { colorsFor } from './terminal.ts';

export const status: CliCommand = async context => {
  const store = await openToShow(context.root);
  try {
    const now = statusNow(context.root, store, Date.now());
    if (context.json) context.stdout.write(`${JSON.stringify(facts(now.status, now.running), null, 2)}\n`);
    else context.stdout.write(`${lines(context, now, store).join('\n')}\n`);
    return EXIT.done;
  } finally {
    store.close();
  }
};

/** What ended without an orderly end has left its last states behind: none of them holds any more. */
function facts(summary: Status, running: boolean): Status & { running: boolean } {
  if (running) return { ...summary, running };
  const services = Object.entries(summary.services).map(([name, state]) => [
    name,
    { ...state, status: 'stopped', pid: null },
  ]);
  return { ...summary, services: Object.fromEntries(services), running };
}

function lines(context: Context, { status: summary, running }: StatusNow, store: Store): string[] {
  const colors = colorsFor(context.stdout, context.env);
  const now = Date.now();
  const color = hasEnded(summary) && !isGoodNews(summary.message) ? colors.red : colors.green;
  return [
    `${color(colors.bold(summary.message))}${colors.dim(when(summary, running, now))}`,
    headline(summary, running, now),
    '',
    ...moduleTable(summary, store, now, widthOf(context.stdout)).map((line, index) =>
      index === 0 ? colors.dim(line) : line,
    ),
    ...serviceLines(summary, running, now),
    '',
    ...incidentLines(summary, store, now).map(line => colors.red(line)),
    colors.dim(`${summary.anomalies.open} open, ${summary.anomalies.lastHour} anomaly(ies) in the last hour`),
  ];
}

function when(summary: Status, running: boolean, now: number): string {
  const { iterations, updatedAt } = summary;
  if (hasEnded(summary)) return `  iteration ${iterations}, ${ago(updatedAt, now)}`;
  return running && iterations > 0 ? `  iteration ${iterations} is running` : '';
}

function headline({ roadmapStage, supervisor }: Status, running: boolean, now: number): string {
  const stage = roadmapStage === null ? '' : `stage: ${roadmapStage}; `;
  if (!running || supervisor === null) return `${stage}no supervisor is running`;
  const up = seconds((now - Date.parse(supervisor.startedAt)) / 1000);
  return `${stage}supervisor ${supervisor.version} runs as pid ${supervisor.pid} for ${up}`;
}

function moduleTable({ performance }: Status, store: Store, now: number, width: number): string[] {
  const rows = Object.entries(performance.averages).map(([name, averages]) => {
    const { successCount, errorCount } = store.counts(name);
    const last = store.runs(name, 1)[0];
    const ended = last === undefined ? NONE : `${outcomeText(last)}, ${ago(last.endedAt, now)}`;
    return [name, ended, String(successCount), String(errorCount), ...metricColumns(averages)];
  });
  if (rows.length === 0) return [];
  return table(
    [['module', 'last run', 'ok', 'failed', 'runtime', 'cpu', 'memory', 'api'], ...rows],
    2,
    width,
  );
}

function serviceLines({ services, updatedAt }: Status, running: boolean, now: number): string[] {
  return Object.entries(services).map(([name, { status: state, pid, restartCount, lastProblem }]) => {
    const facts = [
      running ? state : `not running${asOf(state, updatedAt, now)}`,
      running && pid !== null ? `pid ${pid}` : '',
      restartCount > 0 ? `${restartCount} restart(s)` : '',
      lastProblem === null ? '' : `${running && isProblem(state) ? '' : 'last problem: '}${lastProblem}`,
    ];
    return `${name} (service): ${facts.filter(Boolean).join(', ')}`;
  });
}

/** Whether what went wrong last is what is wrong now. */
const isProblem = (state: ServiceStatus): boolean => state === 'unhealthy' || state === 'waiting';

/** The state that a supervisor left in the file which was killed. */
function asOf(state: ServiceStatus, updatedAt: string, now: number): string {
  return state === 'stopped' ? '' : ` (${state} as of ${ago(updatedAt, now)}; the supervisor is not running)`;
}

function incidentLines({ anomalies }: Status, store: Store, now: number): string[] {
  return anomalies.list.map(incident => {
    const confidence = surestOf(store.eventsOf(incident))?.confidence;
    const size = judgedDeviation({ ...incident, confidence });
    return `! ${incident.module}: ${size}, for ${incident.runsOpen + 1} run(s), since ${ago(incident.openedAt, now)}`;
  });
}
