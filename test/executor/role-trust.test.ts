import { type Capability, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { expect, test } from 'vitest';
import {
  changed,
  documentedPrincipal,
  documentedTemplate,
  EXECUTE,
  EXTERNAL_ID,
  ROLES,
  roleArn,
  type Statement,
  type Template,
  USER,
  without,
  withRoles,
} from '../scenes/documented-roles.ts';
import { stop, until } from '../scenes/front-door.ts';
import { instanceIds, type Scene, setScene } from '../scenes/whole.ts';

/*
 * What a person reads of a ticket whose session can't be had, at each door: which it is, by name, and how to go on. The
 * approval isn't spent: once it is set right, the ticket runs.
 */

const SEED = { instances: [{}] };
const BASE = roleArn('holdshort');
const template = documentedTemplate();

/** The roles, and the one that Holdshort runs as. */
function withBase(roles: Template, mine: readonly Statement[] = documentedPrincipal().Statement): Template {
  const Base = {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: 'holdshort',
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'Anyone',
            Effect: 'Allow',
            Principal: { AWS: USER },
            Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'],
          },
        ],
      },
      Policies: [{ PolicyName: 'own', PolicyDocument: { Version: '2012-10-17', Statement: mine } }],
    },
  };
  return { ...roles, Resources: { ...roles.Resources, Base } };
}

async function scene(roles: Template, { principal = USER, config = ROLES } = {}): Promise<Scene> {
  return await setScene(withRoles(SEED, roles, principal), { config, approvers: ['mara'] });
}

/** Credentials of a session of the role that Holdshort runs as. */
async function sessionOf({ cloud }: Scene, SourceIdentity?: string): Promise<Record<string, string>> {
  const credentials = { accessKeyId: 'AKIDTEST', secretAccessKey: 'testing' };
  const sts = new STSClient({ endpoint: cloud.endpoint, region: 'eu-west-1', credentials });
  const asked = { RoleArn: BASE, RoleSessionName: 'host', ...(SourceIdentity === undefined ? {} : { SourceIdentity }) };
  const { Credentials } = await sts.send(new AssumeRoleCommand(asked));
  sts.destroy();
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
  return { AWS_ACCESS_KEY_ID: AccessKeyId, AWS_SECRET_ACCESS_KEY: SecretAccessKey, AWS_SESSION_TOKEN: SessionToken };
}

const stopped = async (its: Scene) =>
  await its.approved('ec2_stop_instances', { instance_ids: await instanceIds(its) });

const WAITING = `SELECT detail FROM audit_events WHERE ticket = ? AND type = 'execution.waiting'`;

/** What is read at each door while the ticket waits. */
async function doorsOf(its: Scene, id: string, env: Record<string, string> = {}) {
  const executor = its.place.start(['executor'], env);
  let logged = '';
  executor.stderr?.on('data', (chunk: Buffer) => {
    logged += chunk.toString();
  });
  await until(
    () => /a ticket waits/.test(logged) && its.rows(WAITING, id).length > 0,
    (both) => both,
  );
  const agent = await its.agent.call('ticket_get', { ticket_id: id });
  const shown = await its.place.cli(['tickets', 'show', id]);
  const listed = await its.place.cli(['tickets', 'list', '--state', 'approved']);
  return { executor, agent, logged, said: [logged, JSON.stringify(agent), shown.stdout], listed: listed.stdout };
}

/** Lines are wrapped after a slash, too. */
const plain = (text: string) => text.replace(/\\"/g, '"').replace(/\s+/g, ' ').replaceAll('/ ', '/');

/** Its approval is unspent, nothing of it was sent, and each door says why. */
async function waits(
  its: Scene,
  id: string,
  [brief, why]: readonly [string, RegExp],
  env: Record<string, string> = {},
): Promise<() => Promise<void>> {
  const { executor, agent, said, listed } = await doorsOf(its, id, env);
  expect(plain(listed)).toContain(`waiting: ${brief}`);
  for (const door of said) {
    expect(plain(door)).toContain(brief);
    expect(plain(door)).toMatch(why);
    expect(plain(door)).toContain('docs/aws-setup.md');
  }
  expect(agent).toMatchObject({ ticket: { state: 'approved', waiting: { code: expect.stringMatching(/^aws_/) } } });
  expect(agent.next).toContain('goes on by itself');
  expect(await its.cloud.requests('StopInstances')).toEqual([]);
  return async () => await stop(executor);
}

/** Somebody sets the roles right. */
async function repair({ cloudformation }: Scene, roles: Template): Promise<void> {
  await cloudformation.send(
    new UpdateStackCommand({
      StackName: 'holdshort-roles',
      TemplateBody: JSON.stringify(roles),
      Capabilities: ['CAPABILITY_NAMED_IAM' satisfies Capability],
      Parameters: [
        { ParameterKey: 'Principal', ParameterValue: USER },
        { ParameterKey: 'ExternalId', ParameterValue: EXTERNAL_ID },
      ],
    }),
  );
}

const naming = (principal: string) =>
  changed(template, (one) => (one.Sid === 'Assume' ? { ...one, Principal: { AWS: principal } } : one));
const askingFor = (id: string) =>
  changed(template, (one) =>
    one.Sid === 'Assume' ? { ...one, Condition: { StringEquals: { 'sts:ExternalId': id } } } : one,
  );

const MISSING = 'is missing for these';
const NOT_IN = "the role doesn't let these credentials in";

test.each<[string, Template, string, RegExp]>([
  ['lacks NameTheTicket', without(template, 'NameTheTicket'), `sts:SetSourceIdentity ${MISSING}`, /trust policy/],
  ['lacks NameThePeople', without(template, 'NameThePeople'), `sts:TagSession ${MISSING}`, /trust policy/],
  ['lacks Assume', without(template, 'Assume'), NOT_IN, /its trust policy names others/],
  ['names another principal', naming(`${USER}2`), NOT_IN, /its trust policy names others/],
  ['asks for another ExternalId', askingFor('other'), NOT_IN, /another ExternalId \(aws.external_id is set\)/],
])('a role whose trust %s: the ticket waits, says so, and runs once it is set right', async (_, roles, ...why) => {
  await using its = await scene(roles);
  const { id } = await stopped(its);
  const over = await waits(its, id, why);
  await repair(its, template);
  expect(await its.settled(id)).toBe('succeeded');
  expect(await its.cloud.requests('StopInstances')).toHaveLength(1);
  await over();
});

test('where no ExternalId is configured, that is said', async () => {
  await using its = await scene(template, { config: ROLES.replace(/ {2}external_id.*\n/, '') });
  const { id } = await stopped(its);
  await (await waits(its, id, [NOT_IN, /another ExternalId \(aws.external_id is not set\)/]))();
});

test('a role that gives too short a session: IAM has an hour as the least, so AWS is made to say it', async () => {
  await using its = await scene(template);
  const { id } = await stopped(its);
  const message = 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.';
  // The read role is assumed by the executor's first request, the execution role by its second.
  await its.cloud.fault({
    ...{ action: 'AssumeRole', mode: 'error_before', code: 'ValidationError', status: 400, message },
    from: 2,
    times: 3,
  });
  const over = await waits(its, id, [
    'the role gives no session of 900 seconds',
    /its MaxSessionDuration has to be an hour/,
  ]);
  expect(await its.settled(id)).toBe('succeeded');
  await over();
});

test('a session of the role that the page describes for Holdshort itself is enough', async () => {
  await using its = await scene(withBase(template), { principal: BASE });
  const env = await sessionOf(its);
  const mine = await its.place.agent(['--no-executor', '--operator', 'otto'], { env });
  const ids = await instanceIds(its);
  const { ticket } = await mine.call('ec2_stop_instances', { instance_ids: ids, reason: 'the base role is tried out' });
  await its.place.cli(['approve', ticket.id, '--yes', '--digest', ticket.digest, '--as', 'mara']);
  await its.executing(env);
  expect(await its.settled(ticket.id)).toBe('succeeded');
  const [sent] = await its.cloud.requests('StopInstances');
  expect(sent?.user_identity).toMatchObject({ sessionContext: { sourceIdentity: ticket.id } });
});

test('credentials that bear a source identity already: neither planned nor run with, by name, and run with others', async () => {
  const trusting = withBase(
    changed(template, (one) =>
      one.Sid === 'AssumeToRead' ? { ...one, Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'] } : one,
    ),
  );
  await using its = await scene(trusting, { principal: roleArn('holdshort') });
  const free = await sessionOf(its);
  const mine = await its.place.agent(['--no-executor', '--operator', 'otto'], { env: free });
  const ids = await instanceIds(its);
  const { ticket } = await mine.call('ec2_stop_instances', { instance_ids: ids, reason: 'a source identity is there' });
  await its.place.cli(['approve', ticket.id, '--yes', '--digest', ticket.digest, '--as', 'mara']);
  const over = await waits(
    its,
    ticket.id,
    ['these credentials bear the source identity "mara.', /"mara\.keller" already, and AWS lets none take another/],
    await sessionOf(its, 'mara.keller'),
  );
  await over();
  await its.executing(free);
  expect(await its.settled(ticket.id)).toBe('succeeded');
});

test('where the roles let none be handed on either, planning says the same of it', async () => {
  await using its = await scene(withBase(template), { principal: BASE });
  const mine = await its.place.agent(['--no-executor', '--operator', 'otto'], { env: await sessionOf(its, 'mara') });
  const answer = await mine.call('ec2_stop_instances', {
    instance_ids: await instanceIds(its),
    reason: 'a source identity is there',
  });
  expect(answer.refusal).toMatchObject({ code: 'aws_denied', recovery: expect.stringContaining('docs/aws-setup.md') });
  expect(JSON.stringify(answer)).toContain('bear a source identity already');
});

test("a principal whose own policy lacks an action: the trust isn't all that is named", async () => {
  const mine = documentedPrincipal().Statement.map((one) => ({ ...one, Action: ['sts:AssumeRole', 'sts:TagSession'] }));
  await using its = await scene(withBase(template, mine), { principal: BASE });
  const env = await sessionOf(its);
  const agent = await its.place.agent(['--no-executor', '--operator', 'otto'], { env });
  const ids = await instanceIds(its);
  const { ticket } = await agent.call('ec2_stop_instances', {
    instance_ids: ids,
    reason: 'the base role is tried out',
  });
  await its.place.cli(['approve', ticket.id, '--yes', '--digest', ticket.digest, '--as', 'mara']);
  const why = new RegExp(`trust policy of ${EXECUTE} or in their own policy`);
  await (await waits(its, ticket.id, [`sts:SetSourceIdentity ${MISSING}`, why], env))();
});
