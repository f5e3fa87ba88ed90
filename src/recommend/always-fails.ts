import { perModule } from './module.ts';
import { evidenceOf, executed } from './runs.ts';

const MIN_RUNS = 10;

/** Nothing but failures, for so long that it is no accident. */
export const alwaysFails = perModule(({ name, runs }) => {
  const all = executed(runs);
  const lastOk = all.findLastIndex(({ outcome }) => outcome === 'ok');
  const failed = all.slice(lastOk + 1);
  const last = failed.at(-1);
  if (failed.length < MIN_RUNS || last === undefined) return [];
  const since =
    lastOk === -1 ? 'has never succeeded' : `has not succeeded since ${all[lastOk]?.startedAt ?? ''}`;
  const timeouts = failed.filter(({ outcome }) => outcome === 'timeout').length;
  return [
    {
      id: `${name}.always-fails`,
      module: name,
      severity: 'critical',
      title: `${name} ${since}: ${failed.length} attempts in a row have failed`,
      advice:
        timeouts === failed.length
          ? 'each was ended by its timeout: raise it, if the module needs that long, or see why it hangs'
          : `see logs/${name}.log, mend it, or take it out`,
      evidence: evidenceOf(failed, { failures: failed.length, timeouts }),
      change: null,
    },
  ];
});
