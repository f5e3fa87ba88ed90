import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arima } from '../../src/forecast/arima.ts';
import { fitArima } from '../../src/forecast/arima-fit.ts';
import { type ArimaOrder, arimaAhead } from '../../src/forecast/arima-model.ts';
import { gaussian, seededRandom } from '../../src/stats/random.ts';
import { assertClose } from './close-to.ts';
import { AIR_PASSENGERS, LH, NILE, WWW_USAGE } from './series.ts';

function plain(ar: number, difference: number, ma: number): ArimaOrder {
  return { ar, difference, ma, seasonalAr: 0, seasonalDifference: 0, seasonalMa: 0, period: 1 };
}

// R 4.2.2, arima(SERIES, order, method = "CSS"): coef, sigma2, predict(fit, 3)$pred. The coefficients of lh, order (3, 0, 0), are also
// those on the help page of `arima`: 0.6578 -0.0658 -0.2348, mean 2.3918, sigma^2 0.1905.
const BY_R = [
  {
    name: 'lh (1,0,0)',
    series: LH,
    order: plain(1, 0, 0),
    from: 1,
    coefficients: { ar: [0.585994275], ma: [], mean: 2.415052111 },
    variance: 0.20164526,
    ahead: [2.699228798, 2.581578023, 2.512635342],
  },
  {
    name: 'lh (3,0,0)',
    series: LH,
    order: plain(3, 0, 0),
    from: 3,
    coefficients: { ar: [0.6578233541, -0.0658127667, -0.2348358438], ma: [], mean: 2.3918193671 },
    variance: 0.190469228823,
    ahead: [2.44932945575, 2.25338346093, 2.17762906918],
  },
  {
    name: 'WWWusage (1,1,1)',
    series: WWW_USAGE,
    order: plain(1, 1, 1),
    from: 1,
    coefficients: { ar: [0.647810742502], ma: [0.529318016455], mean: 0 },
    variance: 9.82698141675,
    ahead: [218.877186201, 218.14981536, 217.678616716],
  },
];

for (const { name, series, order, from, coefficients, variance, ahead } of BY_R) {
  test(`the coefficients, the variance and the forecast of ${name} are those of R`, () => {
    const fit = fitArima(series, order, from);
    assertClose(fit.coefficients.ar, coefficients.ar, 2e-4);
    assertClose(fit.coefficients.ma, coefficients.ma, 2e-4);
    assertClose([fit.coefficients.mean], [coefficients.mean], 2e-4);
    assertClose([fit.squares / fit.count], [variance], 1e-6);
    assertClose(arimaAhead(series, 3, order, fit.coefficients, from), ahead, 1e-3);
  });
}

// R: Nile, order (1, 0, 1): sigma^2 19576.2487513; order (0, 1, 1): ma1 -0.75343, sigma^2 20594.664978, predictions 805.036
test('the orders of the Nile have the variance that R finds', () => {
  const mixed = fitArima(NILE, plain(1, 0, 1), 1);
  assert.ok(mixed.squares / mixed.count <= 19576.25, String(mixed.squares / mixed.count));
  assertClose([...mixed.coefficients.ar, ...mixed.coefficients.ma], [0.886865, -0.604889], 5e-4);
  const smoothed = fitArima(NILE, plain(0, 1, 1), 0);
  assertClose(smoothed.coefficients.ma, [-0.75343], 5e-4);
  assertClose([smoothed.squares / smoothed.count], [20594.665], 1e-2);
  assertClose(arimaAhead(NILE, 2, plain(0, 1, 1), smoothed.coefficients, 0), [805.04, 805.04], 0.05);
});

// R: arima(log(AirPassengers), c(0,1,1), list(order = c(0,1,1)), method = "CSS"): ma1 -0.37716, sma1 -0.57238, sigma^2 0.00138875.
// By maximum likelihood it is the airline model of Box and Jenkins: -0.4018, -0.5569, 0.001348.
test('the airline model has the coefficients that R finds', () => {
  const order = { ...plain(0, 1, 1), seasonalDifference: 1, seasonalMa: 1, period: 12 };
  const logs = AIR_PASSENGERS.map(Math.log);
  const fit = fitArima(logs, order, 0);
  assertClose([...fit.coefficients.ma, ...fit.coefficients.seasonalMa], [-0.377162, -0.572379], 1e-4);
  assertClose([fit.squares / fit.count], [0.00138874990304], 1e-8);
  const year = [
    6.10959, 6.05373, 6.17289, 6.1986, 6.2317, 6.3683, 6.5061, 6.5021, 6.3245, 6.2082, 6.0632, 6.168,
  ];
  assertClose(arimaAhead(logs, 12, order, fit.coefficients, 0), year, 1e-3);
});

test('a second difference goes on along a line', () => {
  const line = Float64Array.of(1, 3, 5, 7);
  const none = new Float64Array(0);
  const coefficients = { ar: none, ma: none, seasonalAr: none, seasonalMa: none, mean: 0 };
  assertClose(arimaAhead(line, 3, plain(0, 2, 0), coefficients, 0), [9, 11, 13], 1e-12);
});

test('it finds an autoregression of its own, and differences where the level wanders', () => {
  const random = seededRandom(5);
  const pulled = new Float64Array(400);
  for (let at = 1; at < pulled.length; at += 1)
    pulled[at] = 0.8 * (pulled[at - 1] as number) + gaussian(random);
  const told = arima.fit(pulled, { period: null, seed: 1 })?.forecast(Float64Array.of(...pulled, 10), 2);
  assert.ok(told !== undefined && Math.abs((told[0] ?? 0) - 8) < 1.2, String(told));
  let level = 0;
  const walk = Float64Array.from({ length: 400 }, () => (level += gaussian(random)));
  const next = arima.fit(walk, { period: null, seed: 1 })?.forecast(walk, 30);
  assert.ok(Math.abs((next?.[29] ?? 0) - level) < 2, `${next?.[29]}, not about ${level}`);
});

test('too few values teach nothing', () => {
  assert.equal(arima.fit(NILE.slice(0, 14), { period: null, seed: 1 }), null);
});
