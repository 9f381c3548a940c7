import type { AgentAnswer, DemoAgent } from './agent.ts';
import { APPROVER, decideTicket } from './deciding.ts';
import type { Stage } from './stage.ts';
import type { Teller } from './teller.ts';

/** The copy for development, which is still needed. */
const COPY = 'dev-shop';

/** People make mistakes: what was approved by one comes back, except for what the ticket had said. Played for both. */
export async function mistake(tell: Teller, stage: Stage, agent: DemoAgent, live: boolean): Promise<void> {
  tell.chapter('6  What was approved by mistake comes back');
  if (live) tell.person(`is ${APPROVER} here, on another day: lean back.`);
  const before = await resources(agent);
  tell.agent(`asks to delete ${COPY}, which nobody seems to use.`);
  const deleting = await agent.call('cloudformation_delete_stack', {
    stack_name: COPY,
    reason: 'The copy for development has not been used for weeks.',
  });
  const { undo } = deleting.plan ?? {};
  tell.holdshort(
    `HELD as ${deleting.ticket?.id}: ${deleting.plan?.summary}. It says beforehand what could be undone: ${undo?.exists.replace('_', ' ')}. Not: ${undo?.lost.map(({ type, why }) => `${type.replace('AWS::', '')}, ${why}`).at(1)} …`,
  );
  tell.expect('the deletion is held, and says what could be undone', undo?.exists === 'in_part');
  await settled(tell, stage, agent, deleting);
  tell.expect('the copy is deleted', (await resources(agent)).length === 0);

  tell.person("finds out that the copy was for tomorrow's demonstration.");
  const restoring = await agent.call('ticket_restore', {
    ticket_id: deleting.ticket?.id,
    parameters: { DatabasePassword: 'another-one-7' },
    reason: `${APPROVER} asks to have ${COPY} back; the deletion was a mistake.`,
  });
  tell.agent('asks to bring back what that ticket deleted, with a new password: the old one was nowhere to be read.');
  tell.holdshort(`HELD as ${restoring.ticket?.id}, from the recovery kit that was made right before the deletion.`);
  await settled(tell, stage, agent, restoring);
  tell.expect('the copy is there again, as it was', (await resources(agent)).join() === before.join());
}

async function settled(tell: Teller, stage: Stage, agent: DemoAgent, asked: AgentAnswer): Promise<void> {
  tell.expect('it is approved', await decideTicket(tell, stage, false, 'approve', asked, []));
  const done = await agent.call('ticket_wait', { ticket_id: asked.ticket?.id, timeout_seconds: 30 });
  tell.holdshort(`Run once: ${done.ticket?.state}.`);
  tell.expect('it was carried out', done.ticket?.state === 'succeeded');
}

/** Of the copy, by the names that its template gives them; none where it is gone. */
async function resources(agent: DemoAgent): Promise<readonly string[]> {
  const listed = await agent.call('cloudformation_list_stack_resources', { stack_name: COPY });
  return Array.isArray(listed.resources) ? listed.resources.map((one: { logical_id: string }) => one.logical_id) : [];
}
