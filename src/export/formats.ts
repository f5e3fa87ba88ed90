import type { Format } from './format.ts';

/** Every format; the first is the one that is meant where nothing says which. Each is loaded only when it is asked for. */
export const FORMATS = [
  {
    ...{ name: 'json', endings: ['.json'], isBinary: false, isOfNow: false },
    load: async () => (await import('./json.ts')).json,
  },
  {
    ...{ name: 'jsonl', endings: ['.jsonl', '.ndjson'], isBinary: false, isOfNow: false },
    load: async () => (await import('./jsonl.ts')).jsonl,
  },
  {
    ...{ name: 'csv', endings: ['.csv'], isBinary: false, isOfNow: false },
    load: async () => (await import('./csv.ts')).csv,
  },
  {
    ...{ name: 'parquet', endings: ['.parquet'], isBinary: true, isOfNow: false },
    load: async () => (await import('./parquet.ts')).parquet,
  },
  {
    ...{ name: 'prometheus', endings: ['.prom'], isBinary: false, isOfNow: true },
    load: async () => (await import('./prometheus.ts')).prometheus,
  },
] as const satisfies Format[];
