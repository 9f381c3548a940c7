import { LISTED } from '../../tools/listed.ts';
import type { Store } from '../store/port.ts';
import { QUIET, type Telemetry } from '../telemetry/telemetry.ts';
import type { Log } from './log.ts';

/** What `@opentelemetry/api`, whichever copy of it, leaves there for all others once an SDK is set up. */
const SET_UP = Symbol.for('opentelemetry.js.api.1');

/** Ours takes an SDK that was set up by the same minor version, or a newer one. */
const MINOR = 9;

interface TelemetryHere {
  readonly telemetry: Telemetry;
  readonly measured: (store: Store) => Store;
}

const NONE: TelemetryHere = { telemetry: QUIET, measured: (store) => store };

/** Where no SDK was set up before this program began (`node --import`), nothing is loaded for it and nothing done. */
export async function telemetryHere(software: string, log: Log): Promise<TelemetryHere> {
  const found = (globalThis as { readonly [SET_UP]?: { readonly version?: unknown } })[SET_UP];
  if (found === undefined) return NONE;
  const version = String(found.version).slice(0, 20);
  if (Number(/^1\.(\d+)\./.exec(version)?.[1] ?? 0) < MINOR) {
    log.warn({ version }, `nothing is told to OpenTelemetry: its SDK came with an API older than 1.${MINOR}`);
    return NONE;
  }
  const [{ overOpenTelemetry }, { measured }] = await Promise.all([
    import('../telemetry/opentelemetry.ts'),
    import('../telemetry/measured-store.ts'),
  ]);
  const telemetry = overOpenTelemetry(software.replace(/^.*\//, ''));
  const tools = new Set(LISTED.map(({ name }) => name));
  return { telemetry, measured: (store) => measured(store, telemetry, tools) };
}
