import { shown } from '../text.ts';

/** HTML or SVG that is finished: everything in it that came from elsewhere is escaped. Made by `html` alone. */
export interface Markup {
  readonly markup: string;
}

type Part = string | number | null | Markup | readonly Markup[];

/**
 * HTML from a template: every text that is put in is escaped, so that it stands for itself in an element or in a quoted attribute;
 * only what `html` itself has made goes in as it is. Null puts in nothing.
 *
 * @example html`<p>${'<script>'}</p>`.markup // '<p>&lt;script&gt;</p>'
 */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  return {
    markup: strings.reduce((text, string, index) => text + partText(parts[index - 1] ?? null) + string),
  };
}

/** A text of ours that holds no foreign word: style, script, drawing commands. */
export function trusted(text: string): Markup {
  return { markup: text };
}

function partText(part: Part): string {
  if (part === null) return '';
  if (typeof part === 'number') return String(part);
  if (typeof part === 'string') return escaped(part);
  if ('markup' in part) return part.markup;
  return part.map(({ markup }) => markup).join('');
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** The space between a number and its unit, where no line must end. */
const BEFORE_UNIT = /(?<=\d) (?=(?:%|(?:s|ms|min|h|B|kB|MB|GB|TB|k|M|G)(?!\w)))/g;

function escaped(text: string): string {
  return shown(text, 2000)
    .replace(/[&<>"']/g, sign => ENTITIES[sign] ?? '')
    .replace(BEFORE_UNIT, '\u00a0');
}
