import { short } from './durations.ts';
import type { Advice } from './finding.ts';

/** The share of the free space that logs may take at most. */
const MOST_SHARE = 0.5;
const CHOICES = ['100MB', '50MB', '20MB', '10MB', '5MB', '2MB', '1MB', '500kB', '200kB', '100kB'];

/** Logs that may grow, as they are set, to more than the disk has room for. */
export const logsSize: Advice = ({ settings, machine, nowMs }) => {
  const { maxBytes, files } = settings.logs;
  const count = settings.modules.length + settings.services.length;
  const free = machine.diskFreeMb;
  const mostMb = (bytes: number): number => (count * (files + 1) * bytes) / 1e6;
  if (free === null || mostMb(maxBytes) <= MOST_SHARE * free) return [];
  const to = CHOICES.find(
    text => bytesOf(text) < maxBytes && mostMb(bytesOf(text)) <= (MOST_SHARE / 2) * free,
  );
  return [
    {
      id: 'logs-size',
      module: null,
      severity: mostMb(maxBytes) > free ? 'warning' : 'info',
      title: `the logs of ${count} modules and services may grow to ${short(mostMb(maxBytes))} MB; the disk has ${short(free)} MB free`,
      advice: to === undefined ? 'make room on the disk' : `let each log file be ${to} at most`,
      evidence: {
        count,
        of: 'logs',
        from: new Date(nowMs).toISOString(),
        to: new Date(nowMs).toISOString(),
        figures: { mostMb: mostMb(maxBytes), diskFreeMb: free, files },
      },
      change: to === undefined ? null : { path: ['logs', 'maxSize'], from: sizeText(maxBytes), to },
    },
  ];
};

function bytesOf(text: string): number {
  return Number.parseInt(text, 10) * (text.endsWith('kB') ? 1e3 : 1e6);
}

function sizeText(bytes: number): string {
  if (bytes >= 1e9) return `${short(bytes / 1e9)}GB`;
  return bytes >= 1e6 ? `${short(bytes / 1e6)}MB` : `${short(bytes / 1e3)}kB`;
}
