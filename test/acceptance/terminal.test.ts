import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { type Agent, makePlace, type Place, REASON } from '../scenes/front-door.ts';
import { agentHere, enroll } from '../scenes/here.ts';
import { hasTerminal, NO_TERMINAL, openScreen, type Screen } from '../scenes/screen.ts';
import { stateOf } from '../scenes/state.ts';

/** A person decides at a terminal: they are shown the plan and type the name of its target. */

const PRODUCTION = '#!/$ PRODUCTION $/!#';
/** The question stands last, with the cursor behind it. */
const ASKS = /type the target's name [^\n]*:\s*$/;

let cloud: Cloud;
let place: Place;
let agent: Agent;

beforeAll(async () => {
  cloud = await startCloud({ instances: [{ count: 5, tags: { Name: PRODUCTION } }] });
  place = makePlace({ endpoint: cloud.endpoint, production: 'key' });
  await enroll(place, 'noa');
  agent = await agentHere(place);
});
beforeEach((context) => {
  if (!hasTerminal) context.skip(NO_TERMINAL);
});
afterAll(async () => {
  await place[Symbol.asyncDispose]();
  await cloud[Symbol.asyncDispose]();
});

function screen(args: readonly string[], env?: Record<string, string>): Screen {
  const opened = openScreen(place, args, env);
  onTestFinished(() => opened.close());
  return opened;
}

let asked = 0;

/** Each time about another instance: what was denied isn't asked again. */
async function held() {
  const all = (await agent.call('ec2_describe_instances')).instances as { instance_id: string }[];
  const instance = all[asked];
  asked += 1;
  const instance_ids = [instance!.instance_id];
  const answer = await agent.call('ec2_terminate_instances', { instance_ids, reason: REASON });
  return { ticket: answer.ticket as { id: string; digest: string }, name: instance!.instance_id };
}

test('a wrong name decides nothing, with 3; the right one approves, with 0', async () => {
  const { ticket, name } = await held();
  const wrong = screen(['approve', ticket.id, '--as', 'noa']);
  const shown = await wrong.shows(ASKS);
  expect(shown).toContain(ticket.digest);
  expect(shown).toContain('PRODUCTION');
  expect(shown, 'colours on a terminal').toContain('\u001b[');
  wrong.type(`${name}x`);
  expect(await wrong.ended()).toBe(3);
  expect(stateOf(place, ticket.id)).toBe('pending');

  const right = screen(['approve', ticket.id, '--as', 'noa'], { NO_COLOR: '1' });
  expect(await right.shows(ASKS)).not.toContain('\u001b[');
  right.type(name);
  expect(await right.ended()).toBe(0);
  expect(stateOf(place, ticket.id)).toBe('approved');

  const denial = screen(['deny', ticket.id, '--as', 'noa', '--reason', 'not after all']);
  expect(await denial.shows(/Deny this as noa\? \(y\/N\)/), 'D24: the plan is shown, and a y is enough').toContain(
    name,
  );
  denial.type('y');
  expect(await denial.ended()).toBe(0);
  expect(stateOf(place, ticket.id)).toBe('denied');
});

test('D24: anything but a y denies nothing', async () => {
  const { ticket, name } = await held();
  for (const answer of ['', 'n', name]) {
    const denial = screen(['deny', ticket.id, '--as', 'noa', '--reason', 'not now']);
    await denial.shows(/Deny this as noa\?/);
    denial.type(answer);
    expect(await denial.ended()).toBe(3);
  }
  expect(stateOf(place, ticket.id)).toBe('pending');
});

test.each([
  ['C-c', 130],
  ['C-d', 3],
] as const)('%s at the question decides nothing, and says so, with %i', async (key, exit) => {
  const { ticket } = await held();
  const approving = screen(['approve', ticket.id, '--as', 'noa']);
  await approving.shows(ASKS);
  approving.press(key);
  expect(await approving.ended()).toBe(exit);
  const shown = await approving.shows(/stopped before an answer/);
  expect(shown).not.toMatch(/^\s+at |AbortError|Warning/m);
  expect(stateOf(place, ticket.id)).toBe('pending');
});

test('a new key gets a passphrase, which is never shown, and which every decision then asks for', async () => {
  const enrolling = screen(['approvers', 'enroll', 'ida', '--as', 'noa']);
  await enrolling.shows(/new key[^\n]*:/);
  enrolling.type('correct horse battery');
  await enrolling.shows(/Once more:/);
  enrolling.type('correct horse battery');
  expect(await enrolling.ended()).toBe(0);
  expect(await enrolling.shows(/ida is enrolled/)).not.toContain('horse');

  const { ticket, name } = await held();
  const approving = screen(['approve', ticket.id, '--as', 'ida']);
  await approving.shows(ASKS);
  approving.type(name);
  await approving.shows(/Passphrase of ida's key:/);
  approving.type('correct horse battery');
  expect(await approving.ended()).toBe(0);
  expect(await approving.shows(/Approved by ida/)).not.toContain('horse');
  expect(stateOf(place, ticket.id)).toBe('approved');
});
