export interface ForestSettings {
  /** The share of observations that are taken for unusual, above 0 and up to 0.5; null: by their scores alone. */
  contamination: number | null;
  /** After so many observations the forest is trained anew; 1 or more. */
  modelUpdateInterval: number;
  seed: number;
  trees: number;
  /** Observations that each tree is grown from, at most; 2 or more. */
  sampleSize: number;
}

/** The paper's 100 trees of 256; half of each are enough for a lone metric, of which each run has many forests. */
export function forestDefaults(metrics: number): ForestSettings {
  const size = metrics === 1 ? { trees: 64, sampleSize: 128 } : { trees: 100, sampleSize: 256 };
  return { contamination: null, modelUpdateInterval: 50, seed: 1, ...size };
}
