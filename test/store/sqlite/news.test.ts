import { expect, it } from 'vitest';
import { openingOf } from '../../scenes/openings.ts';
import { open, temporaryFolder } from './folder.ts';

it('counts as news for watchers what they may wait for, and no other entry', async () => {
  const folder = temporaryFolder();
  const store = open(folder);
  const agent = store.forAgent({ agent: 'claude', operator: 'ann', session: 's1' });
  const residue = { ticket: 'tkt_x', tool: 'cloudformation_deploy_stack', residue: {} };
  const raw = folder.raw();
  const news = async (change: () => Promise<unknown>) => {
    await change();
    return raw.prepare('SELECT news FROM tree').pluck().get();
  };
  const quiet = { type: 'call.completed', actor: 'agent:claude', detail: { ticket_seq: 7, statement_seq: 7 } } as const;
  try {
    await agent.states(1);
    expect(await news(() => agent.append(quiet))).toBe(0);
    expect(await news(() => agent.announceResidue(residue, { ...quiet, type: 'aws.requested' }))).toBe(0);
    expect(await news(() => agent.abandonResidue('tkt_x'))).toBe(1);
    expect(await news(() => agent.abandonResidue('tkt_x'))).toBe(1);
    expect(await news(() => agent.openTicket(openingOf(Date.now())))).toBe(2);
  } finally {
    raw.close();
    await store.close();
    folder.remove();
  }
});
