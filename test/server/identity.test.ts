import { expect, test } from 'vitest';
import { nobodysName } from '../../src/kernel/identity.ts';
import { approve, REASON } from '../scenes/front-door.ts';
import { agentHere, done, here } from '../scenes/here.ts';
import { type Scene, setScene, type ToolAnswer } from '../scenes/whole.ts';

/** Agents that bring a token: whom they work for is whom an admin signed that the token's person is. */

const issuer = 'https://login.example.com/';
const login = { issuer, subject: "4711'; $(touch pwned) #" };
const approvers = ['noa', 'ida', 'zoe'];
const said = (kind: 'bind' | 'unbind', name: string, subject: string, as = 'noa') =>
  ['approvers', kind, name, '--issuer', issuer, '--subject', subject, '--as', as] as const;

async function asks(scene: Scene, tool = 'ec2_stop_instances', identity = login, agent = 'kiro') {
  const { instances } = await scene.agent.call('ec2_describe_instances');
  const [{ instance_id }] = instances as [{ instance_id: string }];
  const its = await agentHere(scene.place, { agent, identity });
  const answer = (await its.call(tool, { instance_ids: [instance_id], reason: REASON })) as ToolAnswer;
  return { ...answer, held: answer.ticket ?? { id: '', digest: '', state: '' } };
}

const plan = (scene: Scene, id: string) => {
  const [row] = scene.rows('SELECT plan FROM ticket WHERE id = ?', id);
  return JSON.parse(row?.plan ?? '{}') as { operator?: string; identity?: unknown };
};

test('an unbound login asks for nothing that needs somebody else, and is told what an admin types', async () => {
  await using scene = await setScene({ instances: [{}] }, { approvers });
  const refused = await asks(scene);
  expect(refused).toMatchObject({ outcome: 'refused', refusal: { code: 'operator_unbound' } });
  const typed = `approvers bind NAME --issuer=${issuer} --subject='4711'"'"'; $(touch pwned) #'`;
  expect(refused.refusal?.recovery).toContain(typed);
  expect(scene.rows('SELECT id FROM ticket')).toEqual([]);

  await done(scene.place, ...said('bind', 'ida', login.subject));
  const { held } = await asks(scene);
  expect(held.state).toBe('pending');
  expect(plan(scene, held.id)).toMatchObject({ operator: 'ida', identity: login });
  const shown = (await done(scene.place, 'tickets', 'show', held.id)).stdout;
  expect(shown.replaceAll(/\s+/g, ' ')).toContain(`agent kiro, for ida, known by login at ${issuer}`);
  expect(shown).toContain(`"4711'; $(touch pwned) #" at "${issuer}"`);

  const own = await approve(scene.place, held, 'ida');
  expect(own).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('the agent works for ida, who may not approve'),
  });
  expect(await approve(scene.place, held, 'noa')).toMatchObject({ code: 0 });
  await scene.executing();
  expect(await scene.settled(held.id)).toBe('succeeded');
  expect(await here(scene.place, ['audit', 'verify'])).toMatchObject({ code: 0 });
});

test('what needs nobody else is asked for by a login that is bound to nobody, as by nobody', async () => {
  const config = 'environments: [{ name: development, match: { regions: [eu-west-1] } }]\n';
  await using scene = await setScene({ instances: [{}] }, { approvers, config });
  const { held } = await asks(scene);
  expect(held.state).toBe('pending');
  expect(plan(scene, held.id)).toMatchObject({ operator: nobodysName(login), identity: login });
  const shown = (await done(scene.place, 'tickets', 'show', held.id)).stdout;
  expect(shown.replaceAll(/\s+/g, ' ')).toContain('for nobody who is known, by login at');
  // Bound now, it has another operator; what was asked before is still nobody's.
  await done(scene.place, ...said('bind', 'ida', login.subject));
  expect(plan(scene, (await asks(scene)).held.id)).toMatchObject({ operator: 'ida' });
  expect(await approve(scene.place, held, 'noa')).toMatchObject({ code: 0 });
});

test.each<[string, (name: string) => readonly (readonly string[])[]]>([
  ['taking it back', () => [said('unbind', 'ida', login.subject, 'ida')]],
  ['binding it to another', () => [said('unbind', 'ida', login.subject), said('bind', 'zoe', login.subject)]],
  ['binding it again', () => [said('unbind', 'ida', login.subject), said('bind', 'ida', login.subject)]],
])('%s while a ticket waits, or is approved, lets nobody approve it as somebody else', async (_what, commands) => {
  await using scene = await setScene({ instances: [{}, {}] }, { approvers });
  await done(scene.place, ...said('bind', 'ida', login.subject));
  const { held } = await asks(scene);
  const approved = (await asks(scene, 'ec2_terminate_instances')).held;
  expect(await approve(scene.place, approved, 'noa')).toMatchObject({ code: 0 });
  for (const command of commands('ida')) await done(scene.place, ...command);
  for (const who of approvers) expect(await approve(scene.place, held, who)).toMatchObject({ code: 3 });
  const shown = (await done(scene.place, 'tickets', 'show', held.id)).stdout;
  expect(shown.replaceAll(/\s+/g, ' ')).toContain('nobody can tell for whom the agent works');
  await scene.executing();
  expect(await scene.settled(approved.id)).toBe('denied');
  expect(await scene.cloud.requests('TerminateInstances')).toEqual([]);
});

test('a login that was taken back asks for nothing, and reads nothing, until it is bound again', async () => {
  const config = 'environments: [{ name: development, match: { regions: [eu-west-1] } }]\n';
  await using scene = await setScene({ instances: [{}] }, { approvers, config });
  await done(scene.place, ...said('bind', 'ida', login.subject));
  await done(scene.place, ...said('unbind', 'ida', login.subject));
  const taken = { outcome: 'refused', refusal: { code: 'operator_unbound' } };
  expect(await asks(scene)).toMatchObject(taken);
  const its = await agentHere(scene.place, { identity: login });
  expect(await its.call('ec2_describe_instances')).toMatchObject(taken);
  await done(scene.place, ...said('bind', 'zoe', login.subject));
  expect((await asks(scene)).held.id).not.toBe('');
});

test('agents of one name that work for two people are not answered with the ticket of the other', async () => {
  await using scene = await setScene({ instances: [{}] }, { approvers });
  const other = { issuer, subject: '4712' };
  await done(scene.place, ...said('bind', 'ida', login.subject));
  await done(scene.place, ...said('bind', 'zoe', other.subject));
  const [idas, zoes] = [await asks(scene), await asks(scene, 'ec2_stop_instances', other)];
  expect(idas.held.id).not.toBe(zoes.held.id);
  expect([plan(scene, idas.held.id).operator, plan(scene, zoes.held.id).operator]).toEqual(['ida', 'zoe']);
});

test('a subject that no admin could type is nobody', async () => {
  await using scene = await setScene({ instances: [{}] }, { approvers });
  expect(await asks(scene, 'ec2_stop_instances', { issuer, subject: 'm\u00e4ra' })).toMatchObject({
    refusal: { code: 'operator_unbound' },
  });
  const typed = await here(scene.place, said('bind', 'ida', 'm\u00e4ra'));
  expect(typed).toMatchObject({ code: 2, stderr: expect.stringContaining('printable ASCII') });
});
