const METRIC = /^[A-Za-z_][A-Za-z0-9_.]{0,63}$/;
const SOURCE = /^[a-z][a-z0-9-]{0,62}$/;

/** The source of the machine's own metrics: nobody else may report as it. */
export const SYSTEM_SOURCE = 'system';

/** Whether a reported metric may be called so: no name that every object already has (`__proto__`, `constructor`). */
export function isMetricName(name: string): boolean {
  return METRIC.test(name) && !(name in Object.prototype);
}

/** Whether somebody who reports may be called so: like a module or a service. */
export function isSourceName(name: string): boolean {
  return SOURCE.test(name) && name !== SYSTEM_SOURCE && !(name in Object.prototype);
}
