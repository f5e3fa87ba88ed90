import type { Forecast, ForecastSettings } from './answer.ts';
import { FEWEST_ORIGINS } from './rolling-origin.ts';
import { seasonalNaive } from './seasonal-naive.ts';
import { ENSEMBLE } from './trials.ts';

/** What to make of a forecast, one sentence each. */
export function wordsOf(
  forecast: Omit<Forecast, 'words'>,
  { model }: Pick<ForecastSettings, 'model'>,
): string[] {
  return [...trustWords(forecast), ...unknownModelWords(forecast, model)];
}

function trustWords(forecast: Omit<Forecast, 'words'>): string[] {
  const { model, beatsNaive, yardstick, used, origins, models, steps } = forecast;
  if (origins < FEWEST_ORIGINS) {
    const without = steps[0]?.low === null ? ', and there is no interval' : '';
    return [`Too few values to try the models with (${used}): do not rely on the forecast${without}.`];
  }
  const same = yardstick === seasonalNaive.name ? '"same as one season ago"' : '"same as last time"';
  if (beatsNaive !== true)
    return model === yardstick
      ? [`No model clearly beats ${same} here, so that is the forecast.`]
      : [`${nameOf(model)} does not clearly beat ${same} here.`];
  const maeOf = (wanted: string): number => models.find(({ name }) => name === wanted)?.mae ?? 0;
  const percent = Math.max(0, Math.round(100 * (1 - maeOf(model) / maeOf(yardstick))));
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
