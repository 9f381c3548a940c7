import { join, resolve } from 'node:path';
import { type Config, type ConfigOptions, loadConfig } from '../config.ts';
import { HoldshortError } from '../kernel/errors.ts';
import { stampOf } from './file-stamp.ts';
import { FILE_NAMES } from './store.ts';

/**
 * The configuration as it is on disk now, read again only when a file changed. It may be edited while tickets wait, and
 * what was edited wrongly must stop everything rather than leave the old rules standing.
 * @param first as it was read at the start
 * @throws config_invalid
 */
export function liveConfig(first: Config, options: ConfigOptions): () => Promise<Config> {
  const places =
    options.file === undefined ? FILE_NAMES.map((name) => join(first.configDir, name)) : [resolve(options.file)];
  let loaded: { readonly stamp: string; readonly config: Promise<Config> } | undefined;
  return async () => {
    const stamp = places.map((file) => stampOf(file) ?? '').join('\n');
    if (loaded?.stamp !== stamp) loaded = { stamp, config: loadConfig(options) };
    const config = await loaded.config;
    // Without its file the freezes and allow-lists would be gone too. Editors that save by renaming leave such a
    // moment.
    if (first.configFile !== undefined && config.configFile === undefined)
      throw new HoldshortError(
        'config_invalid',
        `the configuration ${first.configFile} is gone`,
        'put it back; to go on without one, start again; until then nothing runs',
      );
    return config;
  };
}
