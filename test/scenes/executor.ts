import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DescribeVolumesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { STATEMENT_EVENTS } from '../../src/audit/statement-events.ts';
import { type Aws, createAws } from '../../src/aws/index.ts';
import { executedTickets } from '../../src/commands/executed.ts';
import { POLICY_ACTIONS } from '../../src/commands/installation.ts';
import type { AttendanceSlots } from '../../src/executor/attendance.ts';
import type { RecheckContext } from '../../src/executor/context.ts';
import { gate, type Recheck, recheck } from '../../src/executor/recheck.ts';
import { slotsOf } from '../../src/executor/slots.ts';
import { weigh } from '../../src/gate/believed.ts';
import { amended } from '../../src/kernel/amended.ts';
import type { Circumstances } from '../../src/kernel/circumstances.ts';
import type { Json } from '../../src/kernel/digest.ts';
import { effectsOf } from '../../src/kernel/effects.ts';
import type { PlanRecord } from '../../src/kernel/plan.ts';
import { NO_RULES, type Rules } from '../../src/kernel/rules.ts';
import { readStatement, type Statement } from '../../src/kernel/statement.ts';
import { kitFolder } from '../../src/kits/folder.ts';
import { policyText } from '../../src/policy/default.ts';
import { loadPolicy } from '../../src/policy/load.ts';
import type { Claim, Store, StoredTicket } from '../../src/store/port.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { QUIET } from '../../src/telemetry/telemetry.ts';
import type { ChangeTool } from '../../tools/define.ts';
import { TOOLS } from '../../tools/index.ts';
import { schemaDigestOf } from '../../tools/schema.ts';
import { type Cloud, startCloud } from './cloud.ts';
import { NO_LOGINS } from './logins.ts';
import { decision, newId, openingOf, type Person, person, signed } from './openings.ts';

/*
 * What the executor's gates are asked with, and nothing around them: the store, the SDK before the embedded cloud, the
 * policy engine and the tools are the real ones, in this process.
 */

const REASON = 'A test of the recheck needs this change.';
const REGION = 'eu-west-1';
export const NOTHING_ASKED: Circumstances = { asked: { destructive_last_hour: 0, pending: 0 } };

interface Asked {
  readonly operator?: string;
  readonly circumstances?: Circumstances;
  /** What a plan says that nobody would make today. */
  readonly plan?: Partial<PlanRecord>;
  /** Policy asked for nobody. */
  readonly state?: 'approved';
}

export interface RecheckScene {
  readonly cloud: Cloud;
  readonly ec2: EC2Client;
  readonly cloudformation: CloudFormationClient;
  readonly store: Store;
  readonly database: string;
  readonly aws: Aws;
  /** In milliseconds; tests move it. */
  now: number;
  /** What a test may put in place of what holds: other rules, another policy. */
  context: RecheckContext;
  readonly mara: Person;
  readonly nina: Person;
  enroll(who: Person, groups?: readonly string[]): Promise<void>;
  /** Records what someone signed that isn't a decision. */
  say(by: Person, body: object): Promise<Statement>;
  /** Plans a change as the server does, and opens its ticket. */
  asked(tool: string, args: Record<string, Json>, more?: Asked): Promise<StoredTicket>;
  decided(by: Person, ticket: StoredTicket, verdict?: 'approve' | 'deny' | 'withdraw', more?: object): Promise<void>;
  /** `asked`, and approved by mara. */
  approved(tool: string, args: Record<string, Json>, more?: Asked): Promise<StoredTicket>;
  read(ticket: Pick<StoredTicket, 'id'>): Promise<StoredTicket>;
  volumes(): Promise<readonly string[]>;
  claimed(ticket: StoredTicket): Promise<Claim>;
  /** As an executor begins it: nobody asks any gate. */
  begun(ticket: StoredTicket): Promise<Claim>;
  /** Of the ticket as it is stored now. */
  recheck(ticket: StoredTicket): Promise<Recheck>;
  /** The second gate, or the one before a further step, for the ticket as it was read. */
  gate(ticket: StoredTicket, kind?: 'begin' | 'next_step'): Promise<Recheck>;
  [Symbol.asyncDispose](): Promise<void>;
}

function toolOf(name: string): { readonly tool: ChangeTool; readonly schema: string } | undefined {
  const tool = TOOLS.find((known) => known.name === name);
  return tool?.kind === 'change' ? { tool, schema: schemaDigestOf(tool) } : undefined;
}

export const policyOf = (text: string) => loadPolicy({ text, source: 'a test', actions: POLICY_ACTIONS });

export async function recheckScene(seed: Parameters<typeof startCloud>[0]): Promise<RecheckScene> {
  const folder = mkdtempSync(join(tmpdir(), 'holdshort-recheck-'));
  const keys = join(folder, 'keys');
  mkdirSync(keys, { mode: 0o700 });
  const database = join(folder, 'holdshort.db');
  const cloud = await startCloud(seed, { latencyMs: 0 });
  const credentials = { accessKeyId: 'AKIDTEST', secretAccessKey: 'testing' };
  const client = { endpoint: cloud.endpoint, region: REGION, credentials };
  const [ec2, cloudformation] = [new EC2Client(client), new CloudFormationClient(client)];
  const store = openSqliteStore({ file: database, head: join(keys, 'head.db'), clock: () => scene.now });
  const [approver, executor] = [store.forApprover(), store.forExecutor('ex1')];
  const policy = await policyOf(policyText('key'));
  const [mara, nina] = [person('mara'), person('nina')];

  const scene: RecheckScene = {
    ...{ cloud, ec2, cloudformation, store, database, mara, nina },
    aws: createAws(client),
    now: Date.parse('2026-01-02T03:04:05.678Z'),
    context: {
      store: executor,
      awsOf: async () => scene.aws,
      toolOf,
      policy: async () => policy,
      rules: async () => NO_RULES,
      executed: executedTickets(keys),
      kits: kitFolder({ folder: join(folder, 'kits'), keyFile: join(keys, 'recovery.key'), readers: [] }),
      pinned: () => ({ rootKeyId: mara.keyId, recoveries: new Set() }),
      makers: async () => [],
      logins: NO_LOGINS.logins,
      telemetry: QUIET,
    },
    async say(by, body) {
      const said = signed(by, body as Parameters<typeof signed>[1]);
      const statement = readStatement(said)!;
      const type = STATEMENT_EVENTS[statement.kind as keyof typeof STATEMENT_EVENTS];
      const expected = (await approver.statements()).length;
      const event = { type, actor: `approver:${by.name}` as const, detail: {} };
      await approver.recordStatement({ signed: said, expected, event });
      return statement;
    },
    async enroll({ name, publicKey: public_key, keyId: public_key_id }, groups) {
      const more = groups ? { groups } : {};
      await scene.say(mara, { kind: 'enroll', name, public_key, public_key_id, max_assurance: 'key', ...more });
    },
    async asked(name, args, { operator = 'otto', circumstances = NOTHING_ASKED, plan, state } = {}) {
      const { tool, schema } = toolOf(name)!;
      const id = newId();
      const readers = await scene.aws.readers(REGION);
      const input = tool.input.parse({ ...args, reason: REASON });
      const stored = tool.record(input, (secret) => `hidden:${secret.length}`, readers) as Record<string, Json>;
      const planners = await scene.aws.planners(REGION);
      const change_set = await tool.prepare?.(input, {
        ...{ ticket: id, readers, planners, macros: [] },
        announce: async () => undefined,
      });
      const planned = amended(await tool.plan(stored, readers, change_set, NO_RULES), circumstances);
      const opening = openingOf(scene.now, {
        id,
        ...(state && { state }),
        draft: { tool: name, operator, region: REGION, reason: REASON },
        plan: {
          ...{ tool_schema: schema, arguments: stored, account: readers.caller.account, circumstances },
          ...{ summary: planned.summary, guard: planned.guard, ...(change_set && { made: change_set }) },
          ...(planned.steps && { steps: [...planned.steps] }),
          ...(planned.lifecycle && { lifecycle: planned.lifecycle }),
          ...(planned.undo && { undo: planned.undo }),
          ...{ targets: [...planned.targets], impact: [...planned.impact], effects: [...effectsOf(planned.impact)] },
          ...plan,
        },
      });
      return (await store.forAgent({ agent: 'claude', operator, session: 's1' }).openTicket(opening)).ticket;
    },
    async decided(by, ticket, verdict = 'approve', more = {}) {
      const { state, decisions } = await scene.read(ticket);
      await approver.recordDecision({
        ticket: ticket.id,
        expected: { state, decisions: decisions.length },
        signed: decision(by, ticket, verdict, more),
        to: verdict === 'approve' && state === 'pending' ? 'approved' : undefined,
        actor: `approver:${by.name}`,
        detail: {},
      });
    },
    async approved(...asked) {
      const ticket = await scene.asked(...asked);
      await scene.decided(mara, ticket);
      return await scene.read(ticket);
    },
    async volumes() {
      const { Volumes = [] } = await ec2.send(new DescribeVolumesCommand({}));
      return Volumes.map(({ VolumeId = '' }) => VolumeId);
    },
    read: ({ id }) => executor.ticket(id),
    claimed: async ({ id }) => (await executor.claim(id, 'ex1', 60_000))!,
    async begun(ticket) {
      const claim = await scene.claimed(ticket);
      const { statements, decisions } = await executor.verified(ticket.id);
      const weighed = { statements: statements.length, decisions: decisions.length, approvals: decisions.length };
      const intent = { token: 'holdshort-x', intended_at: await executor.now() };
      await executor.begin(claim, intent, weighed, {}, 10_000);
      scene.context.executed.add(ticket.id, intent);
      return claim;
    },
    recheck: async (ticket) => await weigh(await scene.read(ticket), (read) => recheck(read, scene.context)),
    gate: async (ticket, kind) =>
      await weigh(ticket, (read) => gate(read, toolOf(read.plan.tool)!.tool, scene.context, kind)),
    async [Symbol.asyncDispose]() {
      for (const one of [ec2, cloudformation]) one.destroy();
      await store.close();
      await cloud[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await scene.enroll(mara);
  await scene.enroll(nina);
  return scene;
}

/** An executor's slots, where it has nothing else to do. */
export function freeSlots(): AttendanceSlots {
  return { sending: slotsOf(1), looking: () => slotsOf(1), watched: () => 1 };
}

/** Other rules than those of an installation without configuration. */
export const ruled = (rules: Partial<Rules>) => async () => ({ ...NO_RULES, ...rules });

export const stopped = (to: 'stale' | 'denied', code: string, message: string | RegExp, recovery?: RegExp) =>
  outcome({ kind: 'stop', to }, code, message, recovery);
export const waits = (code: string, message: string | RegExp, recovery?: RegExp) =>
  outcome({ kind: 'wait' }, code, message, recovery);

function outcome(kind: object, code: string, message: string | RegExp, recovery = /./) {
  const text = { message: matching(message), recovery: matching(recovery) };
  return { ...kind, refusal: { code, ...text } };
}

/** `expect.stringMatching`, without vitest's own matchers in a file that no test is in. */
function matching(text: string | RegExp) {
  return { asymmetricMatch: (other: string) => (typeof text === 'string' ? other === text : text.test(other)) };
}
