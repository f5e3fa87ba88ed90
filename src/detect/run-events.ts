import type { Direction, Kind } from '../glossary/event.ts';
import { measured } from './detector.ts';
import { heldIn, medianOf } from './events/held.ts';
import { flat, unflat } from './events/lists.ts';
import { findModes } from './events/modes.ts';
import { Past } from './events/past.ts';
import { Rarity } from './events/rarity.ts';
import { LINEAR, LOGARITHMIC, type Scale } from './events/scale.ts';
import { Segment } from './events/segment.ts';
import { findShift, type ShiftFound } from './events/shift.ts';
import { judgeValue, type Spike } from './events/spike.ts';
import { FEWEST } from './events/thresholds.ts';

/** What there is to say of one value: an episode that is noticed with it, or how far it is from one. */
export interface RunEvent {
  event: boolean;
  kind: Kind | null;
  direction: Direction | null;
  /** How many observations ago it began; null without an event. */
  beganAgo: number | null;
  before: number | null;
  sizePercent: number | null;
  expected: readonly [low: number, high: number] | null;
  /** Statistics over what is asked for (above 1: seen); null while too little is known. */
  shiftStrength: number | null;
  spikeStrength: number | null;
  /** The newest values that are the evidence of a shift; 0 without any. */
  shiftValues: number;
  /** Whether the value, or where a shift is seen the new level, lies above the level that was known. */
  isAbove: boolean;
}

/** Smaller changes of a level, and of a lone value, are of no interest to anybody. */
const LEAST = { shift: 0.03, spike: 0.15 };
/** Noise below this share of the level is no more than the resolution of a meter. */
const RESOLUTION = 0.002;
/** The least that a zero is told from: squares of less leave the range of a double. */
const SMALLEST = 1e-150;
/** Spikes so near to one another, to the same side, are one episode. */
export const TOGETHER = 3;
const LONGEST = 800;
const KEPT = 400;
const FIRST_MODES = 20;

/**
 * Sees spikes and shifts in a series of runs, one after the other, each with what came before it alone.
 *
 * Cost: some microseconds a value; memory for the last 800.
 */
export class RunEvents {
  readonly #past: Past;
  readonly #strictness: number;
  readonly #rarity = new Rarity();
  #scale: Scale = LOGARITHMIC;
  readonly #segment = new Segment();
  /** The last spike that was told. */
  #spike: { position: number; isAbove: boolean } | null = null;
  #position = -1;
  #nextModes = FIRST_MODES;

  /**
   * @param period observations per season; null: found where there is one
   * @param strictness of the evidence so many times as much is asked for: fewer false alarms against less that is found
   */
  constructor(period: number | null, strictness = 1) {
    this.#past = new Past(period);
    this.#strictness = strictness;
    this.#segment.reset([], null, RESOLUTION);
  }

  /** All that it has learned: a `RunEvents` with the same period that restores it goes on exactly as this one. Some 10 kB. */
  save(): Float64Array<ArrayBuffer> {
    const { modes, resolution } = this.#segment;
    const spike = this.#spike;
    return flat([
      [this.#position, this.#nextModes, this.#scale.kind === 'linear' ? 1 : 0, resolution],
      spike === null ? [] : [spike.position, spike.isAbove ? 1 : 0],
      modes === null ? [] : [modes.low, modes.high],
      this.#segment.values(),
      this.#rarity.save(),
      ...this.#past.save(),
    ]);
  }

  /** @returns whether it is what `save` gives; nothing has changed where not */
  restore(saved: Float64Array): boolean {
    const [own, spike, modes, values, rarity, ...past] = unflat(saved, SAVED_LISTS) ?? [];
    if (own?.length !== 4 || !spike || !modes || !values || !rarity || !this.#past.restore(past))
      return false;
    const [position = 0, nextModes = 0, isLinear, resolution = 0] = own;
    const [spikeAt, isAbove] = spike;
    const [low, high] = modes;
    this.#position = position;
    this.#nextModes = nextModes;
    this.#scale = isLinear === 1 ? LINEAR : LOGARITHMIC;
    this.#spike = spikeAt === undefined ? null : { position: spikeAt, isAbove: isAbove === 1 };
    this.#rarity.restore(rarity);
    // Its sums come out as they were: they are made of the values since it was reset, one after the other.
    const known = low === undefined || high === undefined ? null : { low, high };
    this.#segment.reset(values, known, resolution);
    return true;
  }

  /** @param observed null, and what is not finite or too large to be measured: no value, which has its place in the season */
  next(observed: number | null): RunEvent {
    this.#position += 1;
    const given = measured(observed);
    if (given === null) return NOTHING;
    if (given <= 0 && this.#scale.kind === 'logarithmic') this.#becomeLinear();
    const value = this.#scale.to(given);
    this.#past.add(this.#position, value);
    const judged = this.#judge(value - this.#past.seasonal(this.#position));
    this.#lookBack();
    return judged;
  }

  #judge(value: number): RunEvent {
    const segment = this.#segment;
    if (segment.length < FEWEST) {
      segment.push(value);
      return NOTHING;
    }
    const level = segment.meanOf(0, segment.length);
    // Beside nothing but zeros, a value is so much of itself.
    const least = this.#scale.share(level === 0 ? value : level, LEAST.spike);
    const spike = judgeValue(segment, value, least, this.#strictness);
    segment.push(spike.learned);
    const shift = findShift(segment, this.#scale.share(level, LEAST.shift), this.#strictness);
    if (shift !== null && shift.strength > 1) return this.#shifted(spike, shift);
    const isRare = spike.isSpike && this.#rarity.isRare(value - level, this.#position);
    const isNews = isRare && !this.#isTold(value > level);
    return isNews ? this.#spiked(value, spike, shift) : this.#quiet(spike, shift, value > level);
  }

  #shifted(spike: Spike, shift: ShiftFound): RunEvent {
    const beganAgo = this.#position - this.#past.shift(shift.count);
    // As they came: in the segment the first values of a new level are held back near the old one.
    const after = medianOf(this.#past.segment());
    const before = medianOf(this.#segment.values().subarray(0, -shift.count));
    const event = this.#event('shift', beganAgo, before, after, spike, shift);
    this.#begin();
    return event;
  }

  #spiked(value: number, spike: Spike, shift: ShiftFound | null): RunEvent {
    const before = medianOf(this.#segment.values().subarray(0, -1));
    this.#spike = { position: this.#position, isAbove: value > before };
    return this.#event('spike', 0, before, value, spike, shift);
  }

  /** Whether a spike near by, to the same side, was told: this one is of its episode. */
  #isTold(isAbove: boolean): boolean {
    const spike = this.#spike;
    return spike !== null && spike.isAbove === isAbove && this.#position - spike.position <= TOGETHER;
  }

  #event(
    kind: Kind,
    beganAgo: number,
    before: number,
    after: number,
    spike: Spike,
    shift: ShiftFound | null,
  ): RunEvent {
    const isAbove = after > before;
    return {
      event: true,
      kind,
      direction: isAbove ? 'above' : 'below',
      beganAgo,
      before: this.#scale.from(before),
      sizePercent: this.#scale.percent(before, after),
      expected: this.#expected(spike),
      shiftStrength: shift?.strength ?? 0,
      spikeStrength: spike.strength,
      shiftValues: shift?.count ?? 0,
      isAbove,
    };
  }

  #quiet(spike: Spike, shift: ShiftFound | null, isAbove: boolean): RunEvent {
    return {
      event: false,
      kind: null,
      direction: null,
      beganAgo: null,
      before: null,
      sizePercent: null,
      expected: this.#expected(spike),
      shiftStrength: shift?.strength ?? 0,
      spikeStrength: spike.strength,
      shiftValues: shift?.count ?? 0,
      isAbove,
    };
  }

  #expected({ expected }: Spike): [low: number, high: number] {
    const seasonal = this.#past.seasonal(this.#position);
    return [this.#scale.from(expected[0] + seasonal), this.#scale.from(expected[1] + seasonal)];
  }

  /** The season and the modes, now and then. */
  #lookBack(): void {
    if (this.#past.look(this.#position)) {
      this.#segment.reset(heldIn(this.#past.segment()), this.#segment.modes, this.#resolution());
    }
    if (this.#segment.length >= LONGEST) this.#shorten();
    if (this.#segment.length < this.#nextModes) return;
    const modes = findModes(this.#segment.values().subarray(-KEPT));
    if (modes !== null || this.#segment.modes !== null) {
      this.#segment.reset(this.#segment.values(), modes, this.#resolution());
    }
    this.#plan();
  }

  #plan(): void {
    const { length } = this.#segment;
    this.#nextModes = length + Math.max(5, length < 200 ? length >> 3 : length >> 1);
  }

  /** A new level: nothing of the old one counts any more. */
  #begin(): void {
    this.#segment.reset(this.#past.segment(), null, this.#resolution());
    this.#nextModes = this.#segment.length + FIRST_MODES;
  }

  #shorten(): void {
    this.#segment.reset(this.#segment.values().slice(-KEPT), this.#segment.modes, this.#resolution());
    this.#plan();
  }

  #becomeLinear(): void {
    const { from } = this.#scale;
    this.#past.rescale(from);
    this.#scale = LINEAR;
    this.#segment.reset(heldIn(this.#past.segment()), null, this.#resolution());
  }

  #resolution(): number {
    if (this.#scale.kind === 'logarithmic') return RESOLUTION;
    const values = this.#past.segment();
    const level = values.reduce((sum, value) => sum + Math.abs(value), 0) / Math.max(1, values.length);
    return Math.max(level * RESOLUTION, SMALLEST);
  }
}

const SAVED_LISTS = 10;

const NOTHING: RunEvent = {
  ...{ event: false, kind: null, direction: null, beganAgo: null, before: null, sizePercent: null },
  ...{ expected: null, shiftStrength: null, spikeStrength: null, shiftValues: 0, isAbove: false },
};
