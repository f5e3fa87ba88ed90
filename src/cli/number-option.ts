import { WatchkeeperError } from '../errors.ts';

/** Any finite number; anything else is a usage error that names the option. */
export function numberOption(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new WatchkeeperError('usage', `${option} takes a number, not '${text}'`);
}
