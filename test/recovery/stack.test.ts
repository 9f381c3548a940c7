import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { approve, REASON } from '../scenes/front-door.ts';
import { type Scene, setScene, verified } from '../scenes/whole.ts';

/* A stack that was deleted by mistake comes back from its recovery kit, except for what the ticket had said. */

const TEMPLATE = `
AWSTemplateFormatVersion: "2010-09-09"
Description: The shop
Parameters:
  Password: { Type: String, NoEcho: true }
  Size: { Type: String, Default: small }
Resources:
  Orders:
    Type: AWS::RDS::DBInstance
    DeletionPolicy: Delete
    Properties: { Engine: postgres, DBInstanceClass: db.t3.micro, AllocatedStorage: "20", MasterUsername: shop, MasterUserPassword: !Ref Password }
  Jobs: { Type: AWS::SQS::Queue, Properties: { QueueName: !Sub "jobs-\${Size}" } }
  News: { Type: AWS::SNS::Topic }
`;

let scene: Scene;
let aws: CloudFormationClient;
let deletion: { readonly id: string; readonly digest: string };

beforeAll(async () => {
  scene = await setScene(
    {
      stacks: [
        {
          name: 'shop',
          template: TEMPLATE,
          parameters: { Password: 'correct-horse-9', Size: 'large' },
          tags: { team: 'shop' },
        },
      ],
    },
    { approvers: ['ann'], latencyMs: 0, speed: 5 },
  );
  const { AWS_ENDPOINT_URL: endpoint = '' } = scene.place.env;
  aws = new CloudFormationClient({
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
  });
  scene.place.start(['executor']);
});
afterAll(async () => {
  aws.destroy();
  await scene[Symbol.asyncDispose]();
});

test('a deletion tells before the decision what could be brought back', async () => {
  deletion = await scene.ask('cloudformation_delete_stack', { stack_name: 'shop' });
  const { plan } = await scene.agent.call('ticket_get', { ticket_id: deletion.id });
  expect(plan.undo).toMatchObject({ exists: 'in_part', by: ['cloudformation_deploy_stack'], needs: ['Password'] });
  const shown = await scene.place.cli(['tickets', 'show', deletion.id]);
  console.log(shown.stdout);
});

test('it comes back', async () => {
  await approve(scene.place, deletion, 'ann');
  expect(await scene.settled(deletion.id)).toBe('succeeded');
  const kits = readdirSync(join(scene.place.home, 'kits'));
  expect(kits).toHaveLength(1);
  expect(statSync(join(scene.place.home, 'kits', kits[0]!)).mode & 0o777).toBe(0o600);
  const without = await scene.agent.call('ticket_restore', { ticket_id: deletion.id, reason: REASON });
  expect(without.refusal).toMatchObject({ code: 'invalid_input' });
  const restored = await scene.ask('ticket_restore', {
    ticket_id: deletion.id,
    parameters: { Password: 'battery-staple-7' },
  });
  console.log((await scene.place.cli(['tickets', 'show', restored.id])).stdout);
  await approve(scene.place, restored, 'ann');
  expect(await scene.settled(restored.id)).toBe('succeeded');
  const { Stacks: [stack] = [] } = await aws.send(new DescribeStacksCommand({ StackName: 'shop' }));
  expect(stack).toMatchObject({ StackStatus: 'CREATE_COMPLETE', Tags: [{ Key: 'team', Value: 'shop' }] });
  expect(stack?.Parameters).toContainEqual(expect.objectContaining({ ParameterKey: 'Size', ParameterValue: 'large' }));
  const { TemplateBody } = await aws.send(new GetTemplateCommand({ StackName: 'shop', TemplateStage: 'Original' }));
  expect(TemplateBody).toBe(TEMPLATE);
  await verified(scene);
});
