import { type Joined, joined, type Voice } from './ensemble.ts';
import type { Forecaster, ForecasterSettings } from './forecaster.ts';
import { type Plan, type Trial, tried } from './rolling-origin.ts';

/** A forecaster, what it would have said in the past, and what it says of the future. */
export interface Contender extends Voice {
  name: string;
  /** In the ensemble; null: it is the ensemble. */
  weight: number | null;
}

/** All forecasters that have something to say of this series, and last the ensemble of them. */
export function contendersOf(
  members: readonly Forecaster[],
  values: Float64Array,
  plan: Plan,
  settings: ForecasterSettings,
  held: (forecast: Float64Array, history: Float64Array) => Float64Array,
): Contender[] {
  const voices = members.flatMap(member => {
    const trial: Trial | null = tried(member, values, plan, settings, held);
    const fitted = trial === null ? null : member.fit(values, settings);
    if (trial === null || fitted === null) return [];
    return [{ name: member.name, trial, forecast: held(fitted.forecast(values, plan.steps), values) }];
  });
  const { weights, ...ensemble }: Joined = joined(voices, values, plan);
  return [
    ...voices.map((voice, index) => ({ ...voice, weight: weights[index] as number })),
    { name: ENSEMBLE, ...ensemble, weight: null },
  ];
}

export const ENSEMBLE = 'ensemble';
