import { join } from 'node:path';
import { EXIT, WatchkeeperError } from '../errors.ts';
import { openToRead, supervisorOf } from '../reading.ts';
import { readRegularFile } from '../store/read-file.ts';
import { STATUS_FILE, type Status } from '../store/status.ts';
import type { Store } from '../store/store.ts';
import { outcomeText } from '../summary.ts';
import type { CliCommand, Context } from './command.ts';
import { ago, deviation, metricColumns, NONE, seconds, table } from './format.ts';
import { colorsFor } from './terminal.ts';

const MAX_BYTES = 16e6;

export const status: CliCommand = async context => {
  const store = openToRead(context.root);
  try {
    const summary = readStatus(context.root);
    const running = supervisorOf(context.root) !== null;
    if (context.json) context.stdout.write(`${JSON.stringify({ ...summary, running }, null, 2)}\n`);
    else context.stdout.write(`${lines(context, summary, store, running).join('\n')}\n`);
    return EXIT.done;
  } finally {
    store.close();
  }
};

function readStatus(root: string): Status {
  const result = readRegularFile(join(root, 'data', STATUS_FILE), MAX_BYTES);
  const advice = 'it is written at the end of each iteration: run `watchkeeper once`';
  if (result === null) throw new WatchkeeperError('file', `there is no data/${STATUS_FILE} yet; ${advice}`);
  if ('problem' in result)
    throw new WatchkeeperError('file', `data/${STATUS_FILE} ${result.problem}; ${advice}`);
  try {
    return JSON.parse(result.content.toString('utf8')) as Status;
  } catch {
    throw new WatchkeeperError('file', `data/${STATUS_FILE} is not valid JSON; ${advice}`);
  }
}

function lines(context: Context, summary: Status, store: Store, running: boolean): string[] {
  const colors = colorsFor(context.stdout, context.env);
  const now = Date.now();
  const good = !/failed|detected|persisted/.test(summary.message);
  return [
    `${(good ? colors.green : colors.red)(colors.bold(summary.message))}  ${colors.dim(`iteration ${summary.iterations}, ${ago(summary.updatedAt, now)}`)}`,
    headline(summary, running, now),
    '',
    ...moduleTable(summary, store, now).map((line, index) => (index === 0 ? colors.dim(line) : line)),
    ...serviceLines(summary, running),
    '',
    ...incidentLines(summary, now).map(line => colors.red(line)),
    colors.dim(`${summary.anomalies.open} open, ${summary.anomalies.lastHour} anomaly(ies) in the last hour`),
  ];
}

function headline({ roadmapStage, supervisor }: Status, running: boolean, now: number): string {
  const stage = roadmapStage === null ? '' : `stage: ${roadmapStage}; `;
  if (!running || supervisor === null) return `${stage}no supervisor is running`;
  const up = seconds((now - Date.parse(supervisor.startedAt)) / 1000);
  return `${stage}supervisor ${supervisor.version} runs as pid ${supervisor.pid} for ${up}`;
}

function moduleTable({ performance }: Status, store: Store, now: number): string[] {
  const rows = Object.entries(performance.averages).map(([name, averages]) => {
    const { successCount, errorCount } = store.counts(name);
    const last = store.runs(name, 1)[0];
    const ended = last === undefined ? NONE : `${outcomeText(last)}, ${ago(last.endedAt, now)}`;
    return [name, ended, String(successCount), String(errorCount), ...metricColumns(averages)];
  });
  return table([['module', 'last run', 'ok', 'failed', 'runtime', 'cpu', 'memory', 'api'], ...rows], 2);
}

function serviceLines({ services }: Status, running: boolean): string[] {
  return Object.entries(services).map(([name, { status: state, pid, restartCount, lastProblem }]) => {
    const facts = [
      running ? state : 'not running',
      running && pid !== null ? `pid ${pid}` : '',
      restartCount > 0 ? `${restartCount} restart(s)` : '',
      lastProblem ?? '',
    ];
    return `${name} (service): ${facts.filter(Boolean).join(', ')}`;
  });
}

function incidentLines({ anomalies }: Status, now: number): string[] {
  return anomalies.list.map(
    incident =>
      `! ${incident.module}: ${deviation(incident)} for ${incident.runsOpen + 1} run(s), since ${ago(incident.openedAt, now)}`,
  );
}
