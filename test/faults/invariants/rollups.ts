/** What the roll-ups of a store hold, and the samples beside them, read by plain SQL. */
export interface Rollups {
  /** By module: how many of its runs are in them, by their own note of how far they have got. */
  runs: Map<string, number>;
  series: { source: string; metric: string; days: number; hours: number }[];
  /** In the order in which they were recorded. */
  samples: number[];
}

type All = <Row>(sql: string) => Row[];

const SERIES = `
  SELECT source, metric, sum(CASE bucketMs WHEN 86400000 THEN count ELSE 0 END) AS days,
    sum(CASE bucketMs WHEN 3600000 THEN count ELSE 0 END) AS hours
  FROM rollups JOIN series ON series.id = rollups.series GROUP BY series.id`;

export function readRollups(all: All): Rollups {
  const reached = "SELECT json_extract(value, '$.run') FROM facts WHERE key = 'rolledUp'";
  const runs = all<{ module: string; count: number }>(
    `SELECT module, count(*) AS count FROM runs WHERE seq <= (${reached}) GROUP BY module`,
  );
  return {
    runs: new Map(runs.map(({ module, count }) => [module, count])),
    series: all<Rollups['series'][number]>(SERIES).map(row => ({ ...row })),
    samples: all<{ value: number }>('SELECT value FROM samples ORDER BY seq').map(({ value }) => value),
  };
}

/** Each run that is in the roll-ups is in its hour once, and in its day once. */
export function rollupProblems({ runs, series }: Rollups): string[] {
  const outcomes = series.filter(({ metric }) => metric.startsWith('@'));
  const sources = new Set([...runs.keys(), ...outcomes.map(({ source }) => source)]);
  const counted = (name: string): number =>
    outcomes.filter(({ source }) => source === name).reduce((sum, { days }) => sum + days, 0);
  return [
    ...series
      .filter(({ days, hours }) => days !== hours)
      .map(
        ({ source, metric, days, hours }) =>
          `the roll-ups of ${source}.${metric} hold ${days} values in their days and ${hours} in their hours`,
      ),
    ...[...sources]
      .filter(name => counted(name) !== (runs.get(name) ?? 0))
      .map(name => `the roll-ups hold ${counted(name)} runs of ${name}, and should ${runs.get(name) ?? 0}`),
  ];
}
