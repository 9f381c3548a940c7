import { loadPolicy } from '../../src/policy/load.ts';
import { POLICY_ACTIONS } from './actions.ts';

const engines = new Map<string, ReturnType<typeof loadPolicy>>();

/** The engine of a policy's text, made once in a worker: asking leaves nothing in it but answers that it gave. */
export function testPolicy(text: string): ReturnType<typeof loadPolicy> {
  const engine = engines.get(text) ?? loadPolicy({ source: 'test', actions: POLICY_ACTIONS, text });
  engines.set(text, engine);
  return engine;
}
