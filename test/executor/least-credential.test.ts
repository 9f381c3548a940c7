import * as cfn from '@aws-sdk/client-cloudformation';
import * as sdk from '@aws-sdk/client-ec2';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { REASON, stop } from '../scenes/front-door.ts';
import { NOTHING_HELD, type Scene, setScene, type ToolAnswer } from '../scenes/whole.ts';
import { CHANGE_TOOLS, everyChange, SEED } from './every-change.ts';
import { STEPPED, snapshotsFirst } from './snapshots-first.ts';

/*
 * Every change with an execution role: what is sent for a ticket is sent in a session that may do that and nothing
 * else. The embedded cloud evaluates session policies as AWS does.
 */

const ROLE = 'arn:aws:iam::123456789012:role/execute';
const CONFIG = `${NOTHING_HELD}aws: { execution_role_arn: "${ROLE}", external_id: "of-this-installation" }\n`;

type Parameters = Record<string, unknown>;
interface Sent {
  readonly parameters: Parameters;
  readonly user_identity: {
    readonly type: string;
    readonly arn: string;
    readonly accessKeyId: string;
    readonly sessionContext: { readonly sourceIdentity: string; readonly sessionTags: Record<string, string> };
  };
}

/** One request of a change, and the session that it was sent in. */
interface Request {
  readonly ticket: string;
  readonly action: string;
  readonly sent: Sent;
  readonly session: Parameters;
  /** What the log says of that session. */
  readonly logged: { readonly access_key: string; readonly ends_at: string };
}

let scene: Scene;
const answers: Record<string, ToolAnswer> = {};
const requests = new Map<string, Request>();

beforeAll(async () => {
  scene = await setScene(SEED, { config: CONFIG, latencyMs: 0 });
  const plain = (await everyChange(scene)).map((change) => ({
    ...change,
    name: change.tool,
    actions: [change.action],
  }));
  const changes = [...plain, ...(await snapshotsFirst(scene))];
  const agent = await scene.place.agent();
  const executor = scene.place.start(['executor']);
  // One after the other: what one changes may be what another rests on.
  for (const { name, tool, args } of changes) answers[name] = await agent.call(tool, { ...args, reason: REASON });
  await agent.close();
  await stop(executor);
  const all = (await scene.cloud.requests()) as unknown as readonly (Sent & { readonly action: string })[];
  for (const { name, actions } of changes) {
    const ticket = answers[name]?.ticket?.id ?? '';
    const sessions = all.filter(
      ({ action, parameters }) => action === 'AssumeRole' && parameters.SourceIdentity === ticket,
    );
    const logged = scene
      .rows(
        `SELECT detail FROM audit_events WHERE ticket = ? AND type IN ('ticket.executing', 'execution.step')`,
        ticket,
      )
      .map(({ detail }) => JSON.parse(detail ?? '{}').intent.session);
    const own = all.filter(
      ({ action, user_identity }) =>
        actions.includes(action) && user_identity.sessionContext?.sourceIdentity === ticket,
    );
    const counts = [own.map(({ action }) => action), sessions.length, logged.length];
    if (JSON.stringify(counts) !== JSON.stringify([actions, actions.length, actions.length]))
      throw new Error(`${name} sent ${JSON.stringify(counts)}: ${JSON.stringify(answers[name])}`);
    for (const [at, action] of actions.entries()) {
      const request = { ticket, action, sent: own[at]!, session: sessions[at]!.parameters, logged: logged[at]! };
      requests.set(nameOf(name, at, actions), request);
    }
  }
}, 240_000);
afterAll(async () => await scene[Symbol.asyncDispose]());

function nameOf(change: string, at: number, actions: readonly string[]): string {
  return actions.length === 1 ? change : `${change}, step ${at + 1} (${actions[at]})`;
}

const names = [
  ...CHANGE_TOOLS,
  ...STEPPED.flatMap(({ name, actions }) => actions.map((_, at) => nameOf(name, at, actions))),
];

test.each([...CHANGE_TOOLS, ...STEPPED.map(({ name }) => name)])(
  '%s is carried out with what its session may do',
  (name) => {
    expect(answers[name], JSON.stringify(answers[name])).toMatchObject({ outcome: 'completed' });
  },
);

test.each(names)('%s: records of AWS lead from the request to the ticket and its people', (name) => {
  const { ticket, sent, session, logged } = requests.get(name)!;
  expect(sent.user_identity).toMatchObject({
    arn: `arn:aws:sts::123456789012:assumed-role/execute/holdshort-${ticket.slice(4)}`,
    sessionContext: { sourceIdentity: ticket, sessionTags: { HoldshortApprovers: 'none' } },
  });
  const goesOn = /CancelUpdateStack|DeleteStack|ExecuteChangeSet|Rollback/.test(String(session.Policy));
  expect(session).toMatchObject({ ExternalId: 'of-this-installation', DurationSeconds: goesOn ? 3600 : 900 });
  const [{ plan = '' } = {}] = scene.rows('SELECT plan FROM ticket WHERE id = ?', ticket);
  expect(JSON.parse(plan).goes_on).toEqual(goesOn ? { as: 'session', seconds: 3600 } : undefined);
  expect(logged.access_key).toBe(sent.user_identity.accessKeyId);
  expect(Date.parse(logged.ends_at)).toBeGreaterThan(Date.now());
});

/** The SDK's clients with a session of this policy, as whoever stole one would have them. */
async function withPolicyOf(name: string): Promise<(action: string, parameters: Parameters) => Promise<unknown>> {
  const settings = { endpoint: scene.cloud.endpoint, region: 'eu-west-1' };
  const sts = new STSClient({ ...settings, credentials: { accessKeyId: 'AKIDTEST', secretAccessKey: 'testing' } });
  const { Policy } = requests.get(name)!.session;
  const assume = new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'stolen', Policy: String(Policy) });
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = (await sts.send(assume)).Credentials ?? {};
  const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  const clients = {
    ec2: new sdk.EC2Client({ ...settings, credentials }),
    cloudformation: new cfn.CloudFormationClient({ ...settings, credentials }),
  };
  return async (action, parameters) => {
    const command = `${action}Command`;
    const send = async (client: any, commands: any) => await client.send(new commands[command](parameters));
    return command in sdk ? await send(clients.ec2, sdk) : await send(clients.cloudformation, cfn);
  };
}

const DENIED = { name: expect.stringMatching(/^(UnauthorizedOperation|AccessDenied(Exception)?)$/) };

/** The same request about things of the same kinds that are others. */
function elsewhere(value: unknown): unknown {
  if (typeof value === 'string')
    return value
      .replace(/\b(i|vol|snap|ami|sg|vpc|subnet|eipalloc)-[0-9a-f]+/g, '$1-0123456789abcdef0')
      .replace(/:stack\/[^/]+/, ':stack/production');
  if (Array.isArray(value)) return value.map(elsewhere);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, elsewhere(member)]));
}

/** They name nothing that is there. */
const NAMES_NOTHING = new Set(['ec2_create_volume']);

test.each(names.filter((name) => !NAMES_NOTHING.has(name)))(
  '%s: its session may not do the same elsewhere',
  async (name) => {
    const send = await withPolicyOf(name);
    const { action, sent } = requests.get(name)!;
    await expect(send(action, elsewhere(sent.parameters) as Parameters)).rejects.toMatchObject(DENIED);
  },
);

/** What two requests do in the same words names other things in each. */
test.each(names)('%s: its session may do no other change, nor another step', async (name) => {
  const send = await withPolicyOf(name);
  for (const [other, { action, sent }] of requests) {
    if (other === name) continue;
    await expect(send(action, sent.parameters), other).rejects.toMatchObject(DENIED);
  }
});
