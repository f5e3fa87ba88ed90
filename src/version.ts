import packageJson from '../package.json' with { type: 'json' };

/** The version of Watchkeeper, as in its package.json. */
export const VERSION: string = packageJson.version;
