import type { ModuleNow, Render } from './format.ts';
import { FAMILIES, type Family, type Sample } from './prometheus-families.ts';

/**
 * The text format of Prometheus (version 0.0.4, https://prometheus.io/docs/instrumenting/exposition_formats/): how things stand
 * now, for the textfile collector of the node exporter or anything else that is scraped. No sample has a time of its own: the
 * collector refuses those.
 */
export const prometheus: Render = function* ({ modules }) {
  const all = [...modules()];
  for (const family of FAMILIES) {
    const lines = all.flatMap(now => family.samplesOf(now).map(sample => lineOf(family, now, sample)));
    if (lines.length > 0) yield `${headOf(family)}${lines.join('')}`;
  }
};

function headOf({ name, type, help }: Family): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
}

function lineOf({ name }: Family, { module }: ModuleNow, { value, labels = {} }: Sample): string {
  const pairs = Object.entries({ module, ...labels }).map(([label, text]) => `${label}="${escaped(text)}"`);
  return `${name}{${pairs.join(',')}} ${value}\n`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
