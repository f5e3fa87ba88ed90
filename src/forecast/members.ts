import { arima } from './arima.ts';
import type { Forecaster } from './forecaster.ts';
import { holt } from './holt.ts';
import { holtWinters } from './holt-winters.ts';
import { level } from './level.ts';
import { linear } from './linear.ts';
import { naive } from './naive.ts';
import { neural } from './neural.ts';
import { polynomial } from './polynomial.ts';
import { randomForest } from './random-forest.ts';
import { seasonalNaive } from './seasonal-naive.ts';

/** What every other forecast is compared with. */
export const YARDSTICKS = [naive, seasonalNaive] as const satisfies readonly Forecaster[];

/** Every forecaster, in the order in which they are told of. */
export const MEMBERS = [
  ...YARDSTICKS,
  level,
  linear,
  polynomial,
  holt,
  holtWinters,
  arima,
  randomForest,
  neural,
] as const satisfies readonly Forecaster[];
