import type { Rows } from './grow.ts';

/** The latest rows, at most `room`; NaN where there is no value. */
export interface Window {
  data: Float32Array;
  features: number;
  room: number;
  seen: number;
}

export function createWindow(room: number, features: number): Window {
  return { data: new Float32Array(room * features), features, room, seen: 0 };
}

export function put(window: Window, row: Float32Array): void {
  window.data.set(row, (window.seen % window.room) * window.features);
  window.seen += 1;
}

function countOf(window: Window): number {
  return Math.min(window.seen, window.room);
}

/** Of each feature, between the two middle values; 0 for one of which there is no value. */
export function mediansOf(window: Window): Float32Array {
  const column = new Float32Array(countOf(window));
  const medians = new Float32Array(window.features);
  for (let feature = 0; feature < window.features; feature += 1) {
    for (let row = 0; row < column.length; row += 1) {
      column[row] = window.data[row * window.features + feature] as number;
    }
    medians[feature] = medianOfSome(column.sort());
  }
  return medians;
}

/** Sorting puts NaN behind all numbers. */
function medianOfSome(sorted: Float32Array): number {
  let count = sorted.length;
  while (count > 0 && Number.isNaN(sorted[count - 1])) count -= 1;
  if (count === 0) return 0;
  const upper = count >> 1;
  return ((sorted[count - 1 - upper] as number) + (sorted[upper] as number)) / 2;
}

/** Whether a value is missing, in a row or in several. */
export function hasGap(values: Float32Array): boolean {
  for (let at = 0; at < values.length; at += 1) if (Number.isNaN(values[at])) return true;
  return false;
}

/** A feature with fewer values in the window, and in less than half of its rows, says too little to be looked at. */
const FEWEST_VALUES = 20;

/**
 * The rows to grow from. Gaps get values of the same feature, drawn at random: medians would make the real values look unusual.
 * A feature with few values is made constant, so that no tree looks at it.
 */
export function filled(window: Window, random: () => number): Rows {
  const { features } = window;
  const count = countOf(window);
  const data = window.data.slice(0, count * features);
  if (hasGap(data)) {
    for (let feature = 0; feature < features; feature += 1) fillColumn(data, features, feature, random);
  }
  return { data, count, features };
}

function fillColumn(data: Float32Array, features: number, feature: number, random: () => number): void {
  const column = data.filter((_, at) => at % features === feature);
  const values = column.filter(value => !Number.isNaN(value));
  const isKnown = values.length >= Math.min(FEWEST_VALUES, column.length / 2);
  for (let row = 0; row < column.length; row += 1) {
    const at = row * features + feature;
    if (!isKnown) data[at] = values[0] ?? 0;
    else if (Number.isNaN(column[row])) data[at] = values[Math.floor(random() * values.length)] as number;
  }
}

/** Puts each feature's median where it has no value. */
export function fillGaps(data: Float32Array, medians: Float32Array): void {
  for (let at = 0; at < data.length; at += 1) {
    if (Number.isNaN(data[at])) data[at] = medians[at % medians.length] as number;
  }
}
