import { createHash } from 'node:crypto';
import { EXIT, WatchkeeperError } from '../errors.ts';
import { openToShow } from '../reading.ts';
import type { ReportData } from '../report/data.ts';
import { htmlReport } from '../report/html/page.ts';
import { jsonReport } from '../report/json.ts';
import { markdownReport } from '../report/markdown/page.ts';
import { reportOf } from '../reporting.ts';
import type { CliCommand } from './command.ts';
import { momentOption } from './moment.ts';
import { openOutputFile } from './output-file.ts';
import { requireSettings } from './settings.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64');

const FORMATS: Record<string, (data: ReportData) => string> = {
  html: data => htmlReport(data, sha256),
  md: markdownReport,
  json: jsonReport,
};

/** One file that tells how the workspace went. */
export const report: CliCommand = async (context, _args, options) => {
  const { format, output, since } = options as { format?: string; output?: string; since?: string };
  const render = renderer(format ?? formatFor(output, context.json));
  const nowMs = Date.now();
  const sinceMs = since === undefined ? null : momentOption('--since', since, nowMs);
  const settings = await requireSettings(context);
  const store = await openToShow(context.root);
  try {
    const text = render(reportOf(store, settings, sinceMs, nowMs));
    if (output === undefined || output === '-') context.stdout.write(text);
    else written(output, context.root, text);
    if (output !== undefined && output !== '-') context.stderr.write(`${output} written\n`);
    return EXIT.done;
  } finally {
    store.close();
  }
};

function renderer(format: string): (data: ReportData) => string {
  const found = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  if (found !== undefined) return found;
  throw new WatchkeeperError('usage', `--format takes ${Object.keys(FORMATS).join(', ')}, not '${format}'`);
}

/** By the ending of the file; to the terminal it is Markdown. */
function formatFor(output: string | undefined, json: boolean): string {
  if (json) return 'json';
  const ending = /\.(html|md|json)$/.exec(output ?? '')?.[1];
  return ending ?? (output === undefined || output === '-' ? 'md' : 'html');
}

function written(output: string, root: string, text: string): void {
  const file = openOutputFile(output, root);
  try {
    file.write(text);
    file.finish();
  } finally {
    file.abandon();
  }
}
