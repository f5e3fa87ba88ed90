import { isMetricName } from '../metric-name.ts';
import { type Named, named } from './named.ts';
import { type KnownNames, type Refusal, type Report, refuse, type Said } from './report.ts';

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
/** What DogStatsD says of the container that reports. */
const OF_THE_CONTAINER = /^(?:c|e|card):/;
const LONGEST_MEMBER = 200;

/**
 * What a line of StatsD text reports: `NAME:VALUE|TYPE`, with the types `c` (counter), `g` (gauge; with a sign: a change of it), `ms`,
 * `h`, `d` (timers: durations or sizes) and `s` (set), a sampling rate `|@0.1`, and of DogStatsD tags `|#name:value,other`, several
 * values (`NAME:1:2:3|ms`; not for sets) and what it says of containers, which means nothing here.
 * Source: github.com/statsd/statsd, docs/metric_types.md; docs.datadoghq.com, "Datagram Format and Shell Usage".
 */
export function parseStatsdLine(text: string, known: KnownNames): Report[] | Refusal {
  if (/\p{Cc}/u.test(text)) return refuse('it holds a control character');
  const [head = '', type, ...sections] = text.split('|');
  const colon = head.indexOf(':');
  if (colon < 1 || type === undefined) return refuse('it is neither JSON nor StatsD text');
  const read = readSections(sections);
  if ('problem' in read) return read;
  const name = named({ metric: head.slice(0, colon), labels: read.labels }, known);
  if ('problem' in name) return name;
  return reports(name, head.slice(colon + 1), type, read.rate);
}

function reports(name: Named, values: string, type: string, rate: number): Report[] | Refusal {
  if (type === 's')
    return isMember(values) ? [{ ...name, said: { kind: 'set', member: values } }] : NO_MEMBER;
  const texts = values.split(':');
  if (!texts.every(isNumber)) return refuse('the value is no finite number');
  if (['ms', 'h', 'd'].includes(type) && !isMetricName(`${name.metric}.count`))
    return refuse(
      'the name of a timer has at most 58 characters: .count, .mean, .p95 and .max come after it',
    );
  const said = texts.flatMap(text => saidOf(type, text, rate) ?? []);
  return said.length === texts.length
    ? said.map(each => ({ ...name, said: each }))
    : refuse('the types are c, g, ms, h, d and s');
}

function saidOf(type: string, text: string, rate: number): Said | null {
  const value = Number(text);
  switch (type) {
    case 'c':
      return { kind: 'counter', add: value / rate };
    case 'g':
      return { kind: 'gauge', value, isChange: /^[+-]/.test(text) };
    case 'ms':
    case 'h':
    case 'd':
      return { kind: 'timer', value, weight: 1 / rate };
    default:
      return null;
  }
}

function readSections(sections: string[]): { rate: number; labels: Record<string, string> } | Refusal {
  let rate = 1;
  let tags = '';
  for (const section of sections) {
    if (section.startsWith('@')) rate = isNumber(section.slice(1)) ? Number(section.slice(1)) : 0;
    else if (section.startsWith('#')) tags = section.slice(1);
    else if (!OF_THE_CONTAINER.test(section)) return refuse('after the type come @RATE and #TAGS');
  }
  // A rate so small that one line stands for more than a number can say is no rate either.
  return rate > 0 && rate <= 1 && rate >= 1e-9
    ? { rate, labels: labelsOf(tags) }
    : refuse('the sampling rate is above 0 and at most 1');
}

/** A tag without a value is one that is true. Of a name that comes twice the last value counts. */
function labelsOf(tags: string): Record<string, string> {
  const each = tags.split(',').filter(tag => tag !== '');
  return Object.fromEntries(
    each.map(tag => {
      const colon = tag.indexOf(':');
      return colon === -1 ? [tag, 'true'] : [tag.slice(0, colon), tag.slice(colon + 1)];
    }),
  );
}

const NO_MEMBER = refuse(`a member of a set is a text of 1 to ${LONGEST_MEMBER} characters`);

function isMember(text: string): boolean {
  return text.length >= 1 && text.length <= LONGEST_MEMBER;
}

function isNumber(text: string): boolean {
  return NUMBER.test(text) && Number.isFinite(Number(text));
}
