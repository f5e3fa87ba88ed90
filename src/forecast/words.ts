import type { Forecast, ForecastSettings } from './answer.ts';
import { ENSEMBLE } from './trials.ts';

/** Fewer places of the past say little of how good a model is. */
const FEWEST_ORIGINS = 5;

/** What to make of a forecast, one sentence each. */
export function wordsOf(
  forecast: Omit<Forecast, 'words'>,
  { model }: Pick<ForecastSettings, 'model'>,
): string[] {
  return [...trustWords(forecast), ...unknownModelWords(forecast, model)];
}

function trustWords({ model, beatsNaive, used, origins, models, steps }: Omit<Forecast, 'words'>): string[] {
  if (origins < FEWEST_ORIGINS)
    return [
      `Too few values to try the models with (${used}): do not rely on the forecast${steps[0]?.low === null ? ', which has no interval' : ''}.`,
    ];
  const error = models.find(({ name }) => name === model)?.mae ?? 0;
  const yardstick = models.find(({ name }) => name === 'seasonal-naive' || name === 'naive');
  if (yardstick === undefined) return [];
  const same = yardstick.name === 'naive' ? '"same as last time"' : '"same as one season ago"';
  if (beatsNaive !== true)
    return model === yardstick.name
      ? [`No model beats ${same} here, so that is the forecast.`]
      : [`${nameOf(model)} does not beat ${same} here.`];
  const percent = Math.round(100 * (1 - error / yardstick.mae));
  return [`${nameOf(model)} was ${percent} % nearer than ${same}, tried from ${origins} places of the past.`];
}

function unknownModelWords({ model }: Omit<Forecast, 'words'>, asked: string | null): string[] {
  return asked === null || asked === model
    ? []
    : [
        `The model ${asked} has nothing to say of this series (too few values, or no season): ${model} is given.`,
      ];
}

function nameOf(model: string): string {
  return model === ENSEMBLE ? 'The ensemble' : `The model ${model}`;
}
