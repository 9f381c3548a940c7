import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeStacksCommand, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { approve, REASON, until } from '../scenes/front-door.ts';
import { entriesOf, type Scene, setScene, verified } from '../scenes/whole.ts';

/* What was deployed over, and what protects a stack, comes back as it was; and nothing is destroyed without its kit. */

const BEFORE = `
Parameters:
  Password: { Type: String, NoEcho: true }
  ApiToken: { Type: String }
  Size: { Type: String, Default: small }
Resources:
  Jobs: { Type: AWS::SQS::Queue }
  News: { Type: AWS::SNS::Topic, Properties: { DisplayName: !Ref Size } }
Outputs:
  News: { Value: !GetAtt News.TopicName, Export: { Name: shop-news } }
  Size: { Value: !Ref Size, Export: { Name: shop-size } }
`;
const READER = `
Resources:
  Told: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: !ImportValue shop-news } }
`;
/** Agents see it masked, for its name; it is not NoEcho, so that the kit has it. */
const TOKEN = 'granite-Crossing-7';
const AFTER = BEFORE.replace(/ {2}Jobs.*\n/, '');

let scene: Scene;

async function shop() {
  const { Stacks: [stack] = [] } = await scene.cloudformation.send(new DescribeStacksCommand({ StackName: 'shop' }));
  const { TemplateBody } = await scene.cloudformation.send(
    new GetTemplateCommand({ StackName: 'shop', TemplateStage: 'Original' }),
  );
  const size = stack?.Parameters?.find(({ ParameterKey }) => ParameterKey === 'Size')?.ParameterValue;
  return { template: TemplateBody, size, protected: stack?.EnableTerminationProtection };
}

async function carriedOut(tool: string, args: Record<string, unknown>): Promise<{ readonly id: string }> {
  const ticket = await scene.ask(tool, args);
  await approve(scene.place, ticket, 'ann');
  expect(await scene.settled(ticket.id)).toBe('succeeded');
  return ticket;
}

async function undoOf(ticket: { readonly id: string }) {
  const answer = await scene.agent.call('ticket_get', { ticket_id: ticket.id });
  expect(answer.plan, JSON.stringify(answer)).toBeDefined();
  return answer.plan.undo;
}

beforeAll(async () => {
  scene = await setScene(
    {
      stacks: [
        {
          ...{ name: 'shop', template: BEFORE, terminationProtection: true },
          parameters: { Password: 'correct-horse-9', ApiToken: TOKEN, Size: 'large' },
        },
        { name: 'reader', template: READER },
      ],
    },
    { approvers: ['ann'], latencyMs: 0, speed: 5 },
  );
});
afterAll(async () => await scene[Symbol.asyncDispose]());

test('without its kit nothing is destroyed: the ticket waits and says why, and runs when it can be written', async () => {
  const folder = join(scene.place.home, 'kits');
  // Where the folder should be is a file.
  writeFileSync(folder, '');
  chmodSync(folder, 0o600);
  scene.place.start(['executor']);
  const ticket = await scene.ask('cloudformation_deploy_stack', {
    ...{ stack_name: 'shop', template_body: AFTER, parameters: { Size: 'small' } },
  });
  const undo = await undoOf(ticket);
  expect(undo).toMatchObject({ exists: 'in_part', needs: [] });
  const told = undo.lost.map(({ why }: { why: string }) => why).join('\n');
  expect(told).toMatch(
    /^what was changed by hand.*\nPassword: the values are those that it has by then\nwhat waited in it/,
  );
  await approve(scene.place, ticket, 'ann');
  await until(
    () => entriesOf(scene, ticket.id, 'execution.waiting'),
    (count) => count > 0,
    60_000,
  );
  const waits = await scene.agent.call('ticket_get', { ticket_id: ticket.id });
  expect(waits.ticket.waiting.message).toMatch(/^its recovery kit can not be made: the kit can not be written/);
  expect(await scene.cloud.requests('ExecuteChangeSet')).toEqual([]);
  expect(entriesOf(scene, ticket.id, 'ticket.executing')).toBe(0);
  rmSync(folder);
  expect(await scene.settled(ticket.id)).toBe('succeeded');
  expect(await shop()).toMatchObject({ template: AFTER, size: 'small' });

  const kit = JSON.parse((await scene.place.cli(['restore', ticket.id, '--show'])).stdout);
  expect(kit.as_it_was.outputs).toMatchObject([
    { export_name: 'shop-news', imported_by: ['reader'] },
    { export_name: 'shop-size', imported_by: [] },
  ]);

  // A refusal would tell which of an agent's guesses is in the kit.
  const guessed = await scene.agent.call('ticket_restore', {
    ...{ ticket_id: ticket.id, reason: `${REASON} granite-Crossing-6 ${TOKEN} granite-Crossing-8` },
  });
  expect(guessed.refusal, JSON.stringify(guessed)).toBeUndefined();
  const restored = await carriedOut('ticket_restore', { ticket_id: ticket.id });
  expect(await shop()).toMatchObject({ template: BEFORE, size: 'large' });
  expect(await undoOf(restored)).toBeUndefined();
});

test('a NoEcho parameter that the deployment gives is asked for; one that it keeps, keeps its value', async () => {
  const ticket = await carriedOut('cloudformation_deploy_stack', {
    ...{ stack_name: 'shop', template_body: AFTER, parameters: { Password: 'battery-staple-7' } },
  });
  expect(await undoOf(ticket)).toMatchObject({ needs: ['Password'] });
  const asked = await scene.agent.call('ticket_restore', { ticket_id: ticket.id, reason: REASON });
  expect(asked.refusal).toMatchObject({ code: 'invalid_input', message: 'Password could not be kept' });

  // Back again, with that one; then one that the new template doesn't have any more is asked for, too.
  const back = await carriedOut('ticket_restore', {
    ticket_id: ticket.id,
    parameters: { Password: 'battery-staple-7' },
  });
  expect(back.id).not.toBe(ticket.id);
  const without = `Resources:\n  News: { Type: AWS::SNS::Topic }\n`;
  const dropping = await scene.ask('cloudformation_deploy_stack', { stack_name: 'shop', template_body: without });
  expect(await undoOf(dropping)).toMatchObject({ needs: ['Password'] });
});

test('protection that was turned off is on again', async () => {
  const args = { stack_name: 'shop', enable_termination_protection: false };
  const off = await carriedOut('cloudformation_update_termination_protection', args);
  expect(await undoOf(off)).toMatchObject({ exists: 'yes', lost: [], needs: [] });
  expect(await shop()).toMatchObject({ protected: false });
  const { ticket } = await scene.agent.call('ticket_restore', { ticket_id: off.id, reason: REASON });
  if (ticket.state === 'pending') await approve(scene.place, ticket, 'ann');
  expect(await scene.settled(ticket.id)).toBe('succeeded');
  expect(await shop()).toMatchObject({ protected: true });
  await verified(scene);
});
