import { loadPolicy } from '../../src/policy/load.ts';
import { POLICY_ACTIONS } from './actions.ts';

type Loaded = ReturnType<typeof loadPolicy>;

const engines = new Map<string, Loaded>();

/** What `loadPolicy` gives, made once in a worker: asking leaves nothing in it but answers that it gave. */
export function engineOf(options: Parameters<typeof loadPolicy>[0]): Loaded {
  const name = JSON.stringify(options);
  const engine = engines.get(name) ?? loadPolicy(options);
  engines.set(name, engine);
  return engine;
}

export const testPolicy = (text: string): Loaded => engineOf({ source: 'test', actions: POLICY_ACTIONS, text });
