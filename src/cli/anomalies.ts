import { requireKnownModule } from '../config/known-modules.ts';
import { EXIT } from '../errors.ts';
import type { Assessment, ChangeEvent } from '../glossary/event.ts';
import type { Incident } from '../glossary/judgement.ts';
import { surestOf } from '../judge/surest.ts';
import { openToShow } from '../reading.ts';
import type { CliCommand, Context } from './command.ts';
import { durationOption } from './duration.ts';
import { ago, judgedDeviation } from './format.ts';
import { metricValue } from './metric-value.ts';
import { plain } from './plain.ts';
import { table, widthOf } from './table.ts';
import { colorsFor } from './terminal.ts';

export const anomalies: CliCommand = async (context, _args, options) => {
  const { module, since } = options as { module?: string; since?: string };
  const sinceMs = since === undefined ? undefined : Date.now() - durationOption('--since', since);
  const store = await openToShow(context.root);
  try {
    if (module !== undefined) await requireKnownModule(context.root, store.moduleNames(), module);
    const incidents = store.incidents({
      ...(module === undefined ? {} : { module }),
      ...(sinceMs === undefined ? {} : { sinceMs }),
    });
    const opened = incidents.map(incident => judged(incident, surestOf(store.eventsOf(incident))));
    const changes = store.changes(sinceMs).filter(change => module === undefined || change.module === module);
    if (context.json)
      context.stdout.write(`${JSON.stringify([...opened, ...changes.map(asIncident)], null, 2)}\n`);
    else show(context, opened, changes);
    return EXIT.done;
  } finally {
    store.close();
  }
};

/** With what the detectors said when they were surest of it; nothing of that where they were not asked. */
type Judged = Incident & {
  [Key in 'confidence' | 'kind' | 'severity' | 'since']: Assessment[Key] | undefined;
};

function judged(incident: Incident, surest: Partial<Assessment> | null): Judged {
  const { confidence, kind, severity, since } = surest ?? {};
  return { ...incident, confidence, kind, severity, since };
}

/** A change has the keys of an incident that is over, so that who reads the list can go on doing so, and its own beside. */
function asIncident(change: ChangeEvent): object {
  const {
    incident: id,
    module,
    metric,
    direction,
    baseline,
    value,
    deviationPercent,
    run,
    iteration,
  } = change;
  const { time, confidence, kind, severity, since } = change;
  return {
    ...{
      id,
      module,
      metric,
      status: 'change',
      direction,
      baseline,
      value,
      deviationPercent,
      lastValue: value,
    },
    ...{ run, iteration, runsOpen: 0, openedAt: time, endedAt: time, confidence, kind, severity, since },
  };
}

function show(context: Context, incidents: Judged[], changes: ChangeEvent[]): void {
  if (incidents.length + changes.length === 0) {
    context.stdout.write('no anomalies\n');
    return;
  }
  const colors = colorsFor(context.stdout, context.env);
  const now = Date.now();
  const rows = incidents.map(incident => [
    incident.status,
    incident.module,
    judgedDeviation(incident),
    `${metricValue(incident.metric, incident.value)} against ${metricValue(incident.metric, incident.baseline)}`,
    `opened ${ago(incident.openedAt, now)} in iteration ${incident.iteration}`,
    incident.endedAt === null ? `${incident.runsOpen} run(s) since` : `ended ${ago(incident.endedAt, now)}`,
  ]);
  table(rows, 6, widthOf(context.stdout)).forEach((line, index) => {
    const isOpen = incidents[index]?.status === 'open';
    context.stdout.write(`${isOpen ? colors.red(line) : line}\n`);
  });
  if (incidents.length > 0 && changes.length > 0) context.stdout.write('\n');
  for (const { message, time } of changes) {
    context.stdout.write(`${colors.yellow('change')}  ${plain(message)} (seen ${ago(time, now)})\n`);
  }
}
