import { EXIT } from '../errors.ts';
import { openToShow } from '../reading.ts';
import type { Incident } from '../types.ts';
import type { CliCommand, Context } from './command.ts';
import { durationOption } from './duration.ts';
import { ago, deviation, table } from './format.ts';
import { requireKnownModule } from './known-module.ts';
import { colorsFor } from './terminal.ts';

export const anomalies: CliCommand = async (context, _args, options) => {
  const { module, since } = options as { module?: string; since?: string };
  const sinceMs = since === undefined ? undefined : Date.now() - durationOption('--since', since);
  const store = await openToShow(context.root);
  try {
    if (module !== undefined) await requireKnownModule(context, store, module);
    const incidents = store.incidents({
      ...(module === undefined ? {} : { module }),
      ...(sinceMs === undefined ? {} : { sinceMs }),
    });
    if (context.json) context.stdout.write(`${JSON.stringify(incidents, null, 2)}\n`);
    else show(context, incidents);
    return EXIT.done;
  } finally {
    store.close();
  }
};

function show(context: Context, incidents: Incident[]): void {
  if (incidents.length === 0) {
    context.stdout.write('no anomalies\n');
    return;
  }
  const colors = colorsFor(context.stdout, context.env);
  const now = Date.now();
  const rows = incidents.map(incident => [
    incident.status,
    incident.module,
    deviation(incident),
    `${short(incident.value)} against ${short(incident.baseline)}`,
    `opened ${ago(incident.openedAt, now)} in iteration ${incident.iteration}`,
    incident.endedAt === null ? `${incident.runsOpen} run(s) since` : `ended ${ago(incident.endedAt, now)}`,
  ]);
  table(rows, 6).forEach((line, index) => {
    const isOpen = incidents[index]?.status === 'open';
    context.stdout.write(`${isOpen ? colors.red(line) : line}\n`);
  });
}

const short = (value: number): string => String(Number(value.toPrecision(3)));
