import { registryReader } from '../../approvals/desk.ts';
import { groupsOf, type Registry } from '../kernel/approvers.ts';
import type { ServerContext } from '../server/context.ts';
import type { AgentStore } from '../store/port.ts';
import type { Installation } from './installation.ts';

/** Who may decide, as it is whenever it is asked. @throws tampered, config_invalid */
export function enrolledHere(
  {
    config: { keysDir },
    makers,
  }: Pick<Installation, 'makers'> & { readonly config: Pick<Installation['config'], 'keysDir'> },
  store: Pick<AgentStore, 'statements'>,
): () => Promise<Registry> {
  return registryReader({ keysDir, makers, store });
}

/**
 * Policy keeps the person or team that the agent works for from approving what it destroys. Where nobody is known under
 * that name, it keeps nobody from it: the one who set this up should hear that.
 */
export async function warnOfOperator(
  { log, command }: { readonly log: Pick<Installation['log'], 'warn'>; readonly command: string },
  { operator, enrolled }: Pick<ServerContext, 'operator' | 'enrolled'>,
): Promise<void> {
  const registry = await enrolled();
  const names = new Set([...registry.keys.values()].map(({ name }) => name));
  if (names.size === 0) {
    log.warn({ operator }, `nobody is enrolled yet, so nothing can be approved: ${command} approvers enroll NAME`);
    return;
  }
  if (names.has(operator) || [...names].some((name) => groupsOf(registry, name).includes(operator))) return;
  log.warn(
    { operator },
    `the agent works for ${operator}, and nobody is enrolled under that name, nor in such a team: everybody who is enrolled counts as somebody else. That is right where ${operator} approves nothing; otherwise say who it is: --operator NAME, or put people into the team: ${command} approvers groups NAME --group ${operator}`,
  );
}
