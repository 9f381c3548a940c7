/**
 * `npm run live -- --account ID [--region REGION] [--execution-role ARN] --yes`: the main job against real AWS, in a
 * throwaway account that a person names. Makes one stack with a queue and a topic, which cost nothing, and removes it.
 */
import { randomBytes } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CloudFormationClient, DeleteStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import Sqlite from 'better-sqlite3';
import { type Agent, approve, makePlace, type Place, REASON, until } from '../scenes/front-door.ts';
import { enroll } from '../scenes/here.ts';

const { values } = parseArgs({
  options: {
    account: { type: 'string' },
    region: { type: 'string', default: 'eu-west-1' },
    'execution-role': { type: 'string' },
    yes: { type: 'boolean', default: false },
  },
});
const { account, region, yes, 'execution-role': role } = values;
const STACK = `holdshort-live-${randomBytes(4).toString('hex')}`;

const BEFORE = `In account ${account ?? 'ID (--account is missing)'}, ${region}, with the credentials of this shell:
  1. stack ${STACK} with an SQS queue and an SNS topic is created, held and approved
  2. an update that renames the queue is held as a replacement, and denied
  3. the stack is deleted, held and approved; then it is brought back from its recovery kit
  4. ${role ? `each change is sent in a session of ${role}` : 'no execution role is given: the changes are sent with the credentials themselves'}
  5. the stack is deleted for good
Cost: none; queue and topic cost nothing without messages. What is left after a failure is one stack of that name: delete it.
`;

const template = (queue: string) => `
Resources:
  Jobs: { Type: AWS::SQS::Queue, Properties: { QueueName: ${queue} } }
  News: { Type: AWS::SNS::Topic }
`;

process.stdout.write(BEFORE);
if (account === undefined || !yes) {
  process.stdout.write('\nNothing was done. Name a throwaway account with --account, and say --yes.\n');
  process.exit(2);
}
process.exit(await live(account));

async function live(named: string): Promise<number> {
  const { Account } = await new STSClient({ region }).send(new GetCallerIdentityCommand({}));
  if (Account !== named) {
    process.stdout.write(`\nThese credentials are of account ${Account}, not of ${named}: nothing was done.\n`);
    return 2;
  }
  await using place = livePlace();
  await enroll(place, 'ann');
  const cloudformation = new CloudFormationClient({ region });
  const agent = await place.agent(['--operator', 'otto']);
  try {
    await play(place, agent, cloudformation);
    process.stdout.write('\nEvery step came out as expected, and nothing is left.\n');
    return 0;
  } catch (error) {
    process.stdout.write(`\nFAILED: ${error instanceof Error ? error.message : String(error)}\n`);
    await cloudformation.send(new DeleteStackCommand({ StackName: STACK })).catch(() => undefined);
    process.stdout.write(`The deletion of ${STACK} was asked for; see that it is gone.\n`);
    return 1;
  } finally {
    await agent.close();
    cloudformation.destroy();
  }
}

async function play(place: Place, agent: Agent, cloudformation: CloudFormationClient): Promise<void> {
  const stack = { stack_name: STACK };
  const made = await held(agent, 'cloudformation_deploy_stack', { ...stack, template_body: template(`${STACK}-jobs`) });
  await run(place, agent, made);
  say('created');

  const renamed = { ...stack, template_body: template(`${STACK}-work`) };
  const replacing = await held(agent, 'cloudformation_deploy_stack', renamed);
  demand(replacing.plan.effects.includes('replace'), `the rename is held as ${replacing.plan.effects}`);
  const denied = await place.cli([
    'deny',
    replacing.ticket.id,
    '--as',
    'ann',
    '--reason',
    REASON,
    '--yes',
    '--digest',
    replacing.ticket.digest,
  ]);
  demand(denied.code === 0, `the denial: ${denied.stderr}`);
  say('a replacement was held, and denied');

  const deleting = await held(agent, 'cloudformation_delete_stack', stack);
  demand(deleting.plan.undo?.exists === 'in_part', 'the deletion says what could be undone');
  await run(place, agent, deleting);
  demand(!(await exists(cloudformation)), 'the stack is gone');
  const restoring = await held(agent, 'ticket_restore', { ticket_id: deleting.ticket.id });
  await run(place, agent, restoring);
  demand(await exists(cloudformation), 'the stack is there again');
  say('deleted, and brought back from its kit');

  if (role) {
    for (const { ticket } of [made, deleting, restoring])
      demand(hasSession(place, ticket.id), `${ticket.id} has a session`);
    say('each was sent in a session of its own');
  } else say('sessions: left out, as no execution role was given');

  await run(place, agent, await held(agent, 'cloudformation_delete_stack', stack));
  demand(!(await exists(cloudformation)), 'nothing is left');
  const verified = await place.cli(['audit', 'verify']);
  demand(verified.code === 0, `the log verifies: ${verified.stdout}`);
  say('removed; the log verifies');
}

/** The user's own credentials and files, and nothing else of this machine. */
function livePlace(): Place {
  const config = role ? `aws: { execution_role_arn: "${role}" }\n` : '';
  const place = makePlace({ production: 'key', config });
  for (const name of Object.keys(place.env)) if (name.startsWith('AWS_')) delete place.env[name];
  const files = {
    AWS_CONFIG_FILE: join(homedir(), '.aws', 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(homedir(), '.aws', 'credentials'),
  };
  const given = Object.entries(process.env).filter(([name]) => name.startsWith('AWS_'));
  Object.assign(place.env, files, Object.fromEntries(given), { AWS_REGION: region });
  return place;
}

async function held(agent: Agent, tool: string, args: Record<string, unknown>) {
  const answer = await agent.call(tool, { ...args, reason: REASON });
  const planned =
    answer.outcome === 'in_progress' ? await agent.call('ticket_wait', { ticket_id: answer.ticket.id }) : answer;
  demand(
    planned.ticket?.state === 'pending',
    `${tool} is held, not ${JSON.stringify(planned.refusal ?? planned.ticket)}`,
  );
  return planned;
}

async function run(place: Place, agent: Agent, { ticket }: { ticket: { id: string; digest: string } }): Promise<void> {
  const ran = await approve(place, ticket, 'ann');
  demand(ran.code === 0, `approve: ${ran.stderr}`);
  const told = await until(
    () => agent.call('ticket_wait', { ticket_id: ticket.id, timeout_seconds: 30 }),
    ({ ticket: now }) => !['approved', 'executing'].includes(now.state),
    15 * 60_000,
    1_000,
  );
  demand(
    told.ticket.state === 'succeeded',
    `${ticket.id} ended as ${told.ticket.state}: ${JSON.stringify(told.refusal ?? told.result)}`,
  );
}

async function exists(cloudformation: CloudFormationClient): Promise<boolean> {
  try {
    const { Stacks: [stack] = [] } = await cloudformation.send(new DescribeStacksCommand({ StackName: STACK }));
    return stack?.StackStatus !== 'DELETE_COMPLETE';
  } catch (error) {
    if (error instanceof Error && /does not exist/.test(error.message)) return false;
    throw error;
  }
}

function hasSession(place: Place, ticket: string): boolean {
  const database = new Sqlite(place.database, { readonly: true });
  const found = database
    .prepare<string, { key: string | null }>(
      `SELECT detail ->> '$.intent.session.access_key' AS key FROM audit_events WHERE ticket = ? AND type = 'ticket.executing'`,
    )
    .get(ticket);
  database.close();
  return typeof found?.key === 'string';
}

function say(what: string): void {
  process.stdout.write(`ok  ${what}\n`);
}

function demand(met: boolean, what: string): void {
  if (!met) throw new Error(what);
}
