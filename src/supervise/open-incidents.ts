import { WatchkeeperError } from '../errors.ts';
import type { Incident } from '../glossary/judgement.ts';
import type { Settings } from '../glossary/settings.ts';
import type { Ports } from './ports.ts';

/**
 * The incidents that are open under these settings. One of a module or a metric that nothing judges any more (it was taken out of
 * the configuration, or has another name now) can neither recover nor persist: it would stay open for ever, and no iteration
 * would be `ok` again. Such a one is dropped without an event. Where that cannot be written now, the next iteration tries again.
 *
 * @throws WatchkeeperError where the supervisor must not go on
 */
export function openIncidents(ports: Ports, settings: Pick<Settings, 'modules' | 'detection'>): Incident[] {
  const { history, reporter } = ports;
  const isJudged = ({ module, metric }: Incident): boolean =>
    settings.modules.some(({ name }) => name === module) &&
    ports.ruleFor(settings.detection, module, metric) !== null;
  const [judged, others] = split(history.incidents({ open: true }), isJudged);
  if (others.length === 0) return judged;
  try {
    history.dropIncidents(others);
    const names = others.map(({ module, metric }) => `${module}.${metric}`).join(', ');
    reporter.info(`no longer judged, so no longer an open incident: ${names}`);
  } catch (error) {
    if (!(error instanceof WatchkeeperError) || error.permanent) throw error;
  }
  return judged;
}

function split<Item>(items: Item[], isFirst: (item: Item) => boolean): [Item[], Item[]] {
  return [items.filter(isFirst), items.filter(item => !isFirst(item))];
}
