import { loadSettings } from '../config/load.ts';
import { ruleFor } from '../config/rules.ts';
import { EXIT, WatchkeeperError } from '../errors.ts';
import {
  type Against,
  checkRegression as check,
  type RegressionAnswer,
  type RegressionCheck,
  type RegressionQuestion,
} from '../questions/check-regression.ts';
import type { CliCommand } from './command.ts';
import { comparisonTable } from './comparison-table.ts';
import { extentOption } from './extent-option.ts';
import { numberOption } from './number-option.ts';
import { shown } from './shown.ts';

interface Options {
  metric?: string;
  recent?: string;
  against?: string;
  threshold?: string;
  degradationThreshold?: string;
}

/** Whether recent runs are worse than before; ends with 1 where one is, so that it serves in CI. */
export const checkRegression: CliCommand = async (context, [module], options) => {
  const { metric, recent, against, threshold, degradationThreshold } = options as Options;
  const loaded = await loadSettings(context.root);
  const floorOf = (of: string, name: string): number =>
    loaded.ok ? (ruleFor(loaded.settings.detection, of, name)?.floor ?? 0) : 0;
  const question: RegressionQuestion = {
    floorOf,
    ...(module === undefined ? {} : { module }),
    ...(metric === undefined ? {} : { metric }),
    ...(recent === undefined ? {} : { recent: extentOption('--recent', recent) }),
    ...(against === undefined ? {} : { against: againstOption(against) }),
    ...(threshold === undefined ? {} : { thresholdPercent: numberOption('--threshold', threshold) }),
    ...(degradationThreshold === undefined
      ? {}
      : { degradationThreshold: numberOption('--degradation-threshold', degradationThreshold) }),
  };
  return shown(context, store => {
    const answer = check(store, question, Date.now());
    return { answer, lines, exit: answer.regressions > 0 ? EXIT.failed : EXIT.done };
  });
};

function againstOption(text: string): Against {
  const [, revision] = /^revision[ =:](.+)$/.exec(text) ?? [];
  if (revision !== undefined) return { revision: revision.trim() };
  const known: Record<string, Against> = {
    baseline: 'baseline',
    before: 'before',
    'previous week': 'previous-week',
    'previous-week': 'previous-week',
  };
  const found = Object.hasOwn(known, text) ? known[text] : undefined;
  if (found !== undefined) return found;
  throw new WatchkeeperError(
    'usage',
    `--against takes baseline, before, previous-week or "revision REV", not '${text}'`,
  );
}

function lines({ checks, regressions }: RegressionAnswer): string[] {
  if (checks.length === 0) return ['nothing to check: no run has succeeded yet'];
  const named = checks.map(each => ({ ...each, name: `${each.module}.${each.metric}` }));
  const wants = checks.flatMap(neededLine);
  return [
    ...comparisonTable(named, 'recent'),
    '',
    ...wants,
    regressions === 0 ? 'no regression' : `${regressions} regression(s)`,
  ];
}

/** Where chance could not be told from a change: what would be enough. */
function neededLine({ module, metric, verdict, needed, recent }: RegressionCheck): string[] {
  if (verdict !== 'too-few' || needed === null) return [];
  const { percent, recent: alone, each } = needed;
  const enough =
    alone !== null ? `${alone} recent runs` : each !== null ? `${each} runs before and as many after` : null;
  if (enough === null) return [];
  return [
    `${module}.${metric}: ${recent.n} recent run(s) are too few; a change of ${percent.toFixed(0)} % shows with ${enough}`,
  ];
}
