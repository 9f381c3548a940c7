import { randomBytes } from 'node:crypto';
import { type Aws, createAws } from '../../src/aws/index.ts';
import type { PlanRecord } from '../../src/kernel/plan.ts';
import { NO_RULES, type PlanningRules } from '../../src/kernel/rules.ts';
import { requestTokenFrom, ticketIdFrom } from '../../src/kernel/ticket.ts';
import type { Attempt, ChangeTool, Observation, Planned, ReadTool, Residue } from '../../tools/define.ts';
import { TOOLS } from '../../tools/index.ts';

export const REASON = 'a test needs this change to happen';

let tickets = 0;

/** Credentials that a local endpoint takes; nothing of the machine's own is used. */
export function testAws(endpoint: string): Aws {
  process.env.AWS_ACCESS_KEY_ID = 'testing';
  process.env.AWS_SECRET_ACCESS_KEY = 'testing';
  return createAws({ endpoint, region: 'eu-west-1' });
}

function changeTool(name: string): ChangeTool {
  const tool = TOOLS.find((one) => one.name === name);
  if (tool?.kind !== 'change') throw new Error(`${name} is not a change tool`);
  return tool;
}

/** Calls a read tool as the server does: through its schema. */
export async function read(aws: Aws, name: string, input: Record<string, unknown> = {}): Promise<any> {
  const tool = TOOLS.find((one) => one.name === name) as ReadTool;
  return await tool.read(tool.input.parse(input), await aws.readers(), NO_RULES);
}

/** A planned change, and what can become of it. */
export interface Proposal extends Planned {
  readonly plan: PlanRecord;
  readonly residue: Residue | undefined;
  again(): Promise<Planned>;
  /** Sends the effect, or one step of it, from 1. */
  execute(step?: number): Promise<void>;
  /** What AWS's records say now; of an attempt of another time, or of another plan, if given. */
  observe(attempt?: Partial<Attempt>, plan?: Partial<PlanRecord>): Promise<Observation>;
  /** Looks until AWS is done. */
  outcome(step?: number): Promise<Exclude<Observation, { state: 'pending' }>>;
  discard(): Promise<void>;
  /** What isn't as the plan and the steps before this one leave it. */
  differs(step: number): Promise<string | undefined>;
}

export async function propose(
  aws: Aws,
  name: string,
  given: Record<string, unknown>,
  tagRules: PlanningRules = NO_RULES,
): Promise<Proposal> {
  const tool = changeTool(name);
  const input = tool.input.parse({ reason: REASON, ...given });
  tickets += 1;
  const ticket = ticketIdFrom(Uint8Array.from({ length: 20 }, (_, place) => (tickets >> (place * 5)) & 31));
  const [readers, planners, writers] = [await aws.readers(), await aws.planners(), await aws.writers()];
  const stored = tool.record(input, (secret) => `hmac-sha256:${secret.length}`, readers);
  let residue: Residue | undefined;
  const announce = async (announced: Residue) => {
    residue = announced;
  };
  const changeSet = await tool.prepare?.(input, { ticket, readers, planners, announce });
  const planned = await tool.plan(stored, readers, changeSet, tagRules);
  // Only what execution and observation read; sealing is tested where plans are sealed.
  const plan = { ticket, arguments: stored, made: changeSet, ...planned } as unknown as PlanRecord;
  const attempt: Attempt = { token: requestTokenFrom(randomBytes(20)), intended_at: new Date().toISOString() };
  const observe = (other: Partial<Attempt> = {}, otherPlan: Partial<PlanRecord> = {}) =>
    tool.observe({ ...plan, ...otherPlan }, readers, { ...attempt, ...other });
  return {
    ...planned,
    plan,
    residue,
    again: () => tool.plan(stored, readers, changeSet, tagRules),
    execute: (step) => tool.execute(plan, writers, { ...attempt, step }),
    observe,
    async outcome(step) {
      for (;;) {
        const seen = await observe({ step });
        if (seen.state !== 'pending') return seen;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    differs: async (step) => await tool.several?.differs(plan, readers, step, []),
    async discard() {
      if (residue) await tool.discard?.(residue, { readers, writers });
    },
  };
}

/** The lines of a plan without their details. */
export function effects({ impact }: Planned): readonly string[] {
  return impact.map((line) => `${line.effect} ${line.type}`);
}
