import * as cfn from '@aws-sdk/client-cloudformation';
import * as sdk from '@aws-sdk/client-ec2';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TOOLS } from '../../tools/index.ts';
import { REASON, stop } from '../scenes/front-door.ts';
import { NOTHING_HELD, type Scene, setScene, type ToolAnswer } from '../scenes/whole.ts';
import { type Change, everyChange, NOT_HERE, SEED } from './every-change.ts';

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

let scene: Scene;
let changes: readonly Change[];
const answers: Record<string, ToolAnswer> = {};
const sent: Record<string, Sent> = {};
let sessions: readonly Parameters[] = [];

beforeAll(async () => {
  scene = await setScene(SEED, { config: CONFIG, latencyMs: 0 });
  changes = await everyChange(scene);
  const agent = await scene.place.agent();
  const executor = scene.place.start(['executor']);
  // One after the other: what one changes may be what another rests on.
  for (const { tool, args } of changes) answers[tool] = await agent.call(tool, { ...args, reason: REASON });
  await agent.close();
  await stop(executor);
  for (const { action, tool } of changes) {
    const all = (await scene.cloud.requests(action)) as unknown as readonly Sent[];
    const own = all.filter(({ user_identity }) => user_identity.type === 'AssumedRole');
    if (own.length !== 1) throw new Error(`${tool} sent ${own.length}: ${JSON.stringify(answers[tool])}`);
    if (own[0]) sent[tool] = own[0];
  }
  sessions = (await scene.cloud.requests('AssumeRole')).map(({ parameters }) => parameters as Parameters);
}, 240_000);
afterAll(async () => await scene[Symbol.asyncDispose]());

const names = TOOLS.flatMap(({ kind, name }) => (kind === 'change' && !NOT_HERE.includes(name) ? [name] : []));
const ticketOf = (tool: string) => answers[tool]?.ticket?.id ?? '';
const sessionOf = (tool: string) => sessions.find(({ SourceIdentity }) => SourceIdentity === ticketOf(tool)) ?? {};

test.each(names)('%s is carried out with what its session may do', (tool) => {
  expect(answers[tool], JSON.stringify(answers[tool])).toMatchObject({ outcome: 'completed' });
});

test.each(names)('%s: records of AWS lead from the request to the ticket and its people', (tool) => {
  const ticket = ticketOf(tool);
  expect(sent[tool]?.user_identity).toMatchObject({
    arn: `arn:aws:sts::123456789012:assumed-role/execute/holdshort-${ticket.slice(4)}`,
    sessionContext: { sourceIdentity: ticket, sessionTags: { HoldshortApprovers: 'none' } },
  });
  const goesOn = /DeleteStack|ExecuteChangeSet|Rollback/.test(String(sessionOf(tool).Policy));
  expect(sessionOf(tool)).toMatchObject({ ExternalId: 'of-this-installation', DurationSeconds: goesOn ? 3600 : 900 });
  const [entry] = scene.rows(`SELECT detail FROM audit_events WHERE ticket = ? AND type = 'ticket.executing'`, ticket);
  const { session } = JSON.parse(entry?.detail ?? '{}').intent;
  expect(session.access_key).toBe(sent[tool]?.user_identity.accessKeyId);
  expect(Date.parse(session.ends_at)).toBeGreaterThan(Date.now());
});

/** The SDK's clients with a session of this policy, as whoever stole one would have them. */
async function withPolicyOf(tool: string): Promise<(action: string, parameters: Parameters) => Promise<unknown>> {
  const settings = { endpoint: scene.cloud.endpoint, region: 'eu-west-1' };
  const sts = new STSClient({ ...settings, credentials: { accessKeyId: 'AKIDTEST', secretAccessKey: 'testing' } });
  const { Policy } = sessionOf(tool);
  const assume = new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'stolen', Policy: String(Policy) });
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = (await sts.send(assume)).Credentials ?? {};
  const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  const clients = {
    ec2: new sdk.EC2Client({ ...settings, credentials }),
    cloudformation: new cfn.CloudFormationClient({ ...settings, credentials }),
  };
  return async (action, parameters) => {
    const name = `${action}Command`;
    const send = async (client: any, commands: any) => await client.send(new commands[name](parameters));
    return name in sdk ? await send(clients.ec2, sdk) : await send(clients.cloudformation, cfn);
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
  async (tool) => {
    const send = await withPolicyOf(tool);
    const { action } = changes.find((change) => change.tool === tool)!;
    await expect(send(action, elsewhere(sent[tool]?.parameters) as Parameters)).rejects.toMatchObject(DENIED);
  },
);

test.each(names)('%s: its session may do no other change', async (tool) => {
  const send = await withPolicyOf(tool);
  const own = changes.find((change) => change.tool === tool)?.action;
  for (const other of changes) {
    if (other.action === own) continue;
    await expect(send(other.action, sent[other.tool]?.parameters ?? {}), other.action).rejects.toMatchObject(DENIED);
  }
});
