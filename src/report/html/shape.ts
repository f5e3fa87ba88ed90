import { html, type Markup, trusted } from './markup.ts';

/** A path that we have computed; its looks are those of its class. */
export function shape(name: string, commands: string): Markup {
  return html`<path class="${name}" d="${trusted(commands)}"/>`;
}
