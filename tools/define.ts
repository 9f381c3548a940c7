import type { z } from 'zod';
import type { Json } from '../src/kernel/digest.ts';
import type { Effect } from '../src/kernel/effects.ts';
import type { RefusalCode } from '../src/kernel/errors.ts';
import type { Made, PlanRecord } from '../src/kernel/plan.ts';
import type { PlanningRules } from '../src/kernel/rules.ts';
import { credentialFree } from './credential-free.ts';
import type { Observation } from './observation.ts';
import type { Attempt, Planned } from './planned.ts';
import type { CloudFormationPlanner, CloudFormationReader, CloudFormationWriter } from './ports/cloudformation.ts';
import type { StackOperationsReader, StackOperationsWriter } from './ports/cloudformation-operations.ts';
import type { Ec2Reader, Ec2Writer } from './ports/ec2.ts';
import type { Keepers, RestoreAsked, ToKeep } from './ports/keepers.ts';
import type { Ownership } from './ports/ownership.ts';
import type { Service } from './ports/service.ts';
import type { OwnTickets } from './ports/tickets.ts';
import { readBack } from './read-back.ts';
import type { Permits } from './session/permits.ts';

export type { Observation, ResourceOutcome } from './observation.ts';
export type { Attempt, Planned } from './planned.ts';

/** The account, region and principal (ARN) that the ports speak for. */
export interface Caller {
  readonly account: string;
  readonly region: string;
  readonly arn: string;
}

/** What `plan`, `observe` and read tools may see: nothing in here can change AWS. */
export interface Readers {
  readonly cloudformation: CloudFormationReader & StackOperationsReader;
  readonly ec2: Ec2Reader;
  readonly ownership: Ownership;
  /** Those of any other service. */
  of<R extends object>(service: Service<R, object, object>): R;
  readonly caller: Caller;
}

/** What planning may make: CloudFormation's change sets, and what another service declares. */
export interface Planners {
  readonly cloudformation: CloudFormationPlanner;
  /** Those of any other service that has some. */
  of<P extends object>(service: Service<object, P, object>): P;
}

/** What `execute` and `discard` may see: each method sends exactly one request, once. */
export interface Writers {
  readonly cloudformation: CloudFormationWriter & StackOperationsWriter;
  readonly ec2: Ec2Writer;
  of<W extends object>(service: Service<object, object, W>): W;
}

/** `absent`: nothing is there, or not yet; `in_use`: what is left belongs to another ticket too, look again later. */
export type Discarded = 'removed' | 'absent' | 'in_use';

/**
 * What planning is about to leave in AWS, by the names that the ticket gave it; enough to find and remove it after a
 * crash.
 */
export interface Residue {
  readonly account: string;
  readonly region: string;
  readonly [member: string]: string;
}

interface ToolBase<I extends z.ZodObject> {
  /** The IAM action in snake_case with the service in front; also the file's name. */
  readonly name: string;
  readonly title: string;
  /** For the model: what it does and when to use it. At most 400 characters. */
  readonly description: string;
  readonly input: I;
  /**
   * What the log keeps of each argument: its value (of which secrets that name or form tells are hidden in any case),
   * nothing, or its SHA-256 under this name. Of one that isn't named here it keeps only that it was given.
   */
  readonly log?: { readonly [name in keyof z.output<I>]?: 'shown' | 'left_out' | { readonly sha256_as: string } };
}

export interface ReadTool<I extends z.ZodObject = z.ZodObject> extends ToolBase<I> {
  readonly kind: 'read';
  /** Its service's name. */
  readonly toolset: string;
  /** The IAM actions that it uses. */
  readonly actions: readonly string[];
  /** Data for the agent: bounded, with a `cursor` where there is more, secrets redacted. */
  read(input: z.output<I>, readers: Readers, rules: PlanningRules): Promise<Json>;
}

/** The agent's view of its own tickets. */
export interface TicketTool<I extends z.ZodObject = z.ZodObject> extends ToolBase<I> {
  readonly kind: 'ticket';
  readonly toolset: 'tickets';
  /** Only withdrawing isn't read-only. */
  readonly readOnly: boolean;
  run(
    input: z.output<I>,
    own: OwnTickets,
    progress: (elapsedMs: number, totalMs: number, message: string) => void,
  ): Promise<Json>;
}

/** Asks for what brings back what a ticket changed. What comes of it is a call of a change tool, and judged as one. */
export interface RestoreTool<I extends z.ZodObject = z.ZodObject> extends ToolBase<I> {
  readonly kind: 'restore';
  readonly toolset: 'tickets';
  asks(input: z.output<I>): RestoreAsked;
}

/** What the record keeps of a call's arguments. */
type StoredArguments = Readonly<Record<string, Json | undefined>>;

/** A stored plan as its own tool sees it: with arguments, and a guard, of the forms that the tool stores. */
export type PlanOf<A, G> = Omit<PlanRecord, 'arguments' | 'guard'> & { readonly arguments: A; readonly guard: G };

/** What planning makes in AWS, and leaves there where no ticket comes of it. */
export interface Making {
  /** What people call it: `change set`. */
  readonly what: string;
  /** The request that makes it, for the log. */
  readonly request: string;
  /** Members of what is announced, beside account and region: texts that say how to find it. */
  readonly residue: z.ZodObject;
  /**
   * Did this ticket give it its name? Removing is a change, and the attacker may have written the row that asks for it.
   */
  ofTicket(residue: Residue, ticket: string): boolean;
}

/**
 * A change: planned, decided, executed once, observed. One that takes several requests does so for each of them.
 * @typeParam A what the record keeps of the arguments, and what planning works from both times
 * @typeParam P the plan that is run and observed
 */
export interface ChangeTool<I extends z.ZodObject = z.ZodObject, A = StoredArguments, P = PlanRecord>
  extends ToolBase<I> {
  readonly kind: 'change';
  /** Its service's name. */
  readonly toolset: string;
  /** The IAM action of the one request that is the effect. (Policy calls a tool by its name: `actionOf`.) */
  readonly action: string;
  /** The IAM actions that planning and observing use. */
  readonly reads: readonly string[];
  /** What its request alone leaves in AWS. Absent: only AWS's yes to it, or CloudTrail's event of it, proves it. */
  readonly evidence?: string;
  /** Every effect that a plan of it can have. */
  readonly effects: readonly Effect[];
  /** The codes with which planning refuses, and when. */
  readonly refusals: Partial<Record<RefusalCode, string>>;
  /** The form of what the record keeps of the call. A plan whose arguments have another isn't run. */
  readonly stored: z.ZodObject;
  /**
   * The form of its guard, for a tool that has to know more of how things were than that they still are so. Without it,
   * `execute` and `observe` see none.
   */
  readonly guard?: z.ZodType;
  /** What the record keeps of the call: no secret in clear, no `reason` (it has its own place). */
  record(input: z.output<I>, hideSecret: (secret: string) => string, readers: Readers): A;
  /** The values in a call that nobody may see, by what they are of. May ask AWS. */
  secrets?(input: z.output<I>, readers: Readers): Promise<Readonly<Record<string, string>>>;
  /** The arguments in which it knows what to do with masks of secrets; a call with one anywhere else is refused. */
  readonly takes_masks?: readonly string[];
  /** The arguments that only name what is there already: none of them is put into AWS. */
  readonly only_names?: readonly (keyof z.output<I>)[];
  /** The kinds of names, beside their own, that its targets have: rules of environments may match `KIND_names`. */
  readonly names?: readonly `${string}_name`[];
  /** For a tool that has `prepare`. */
  readonly makes?: Making;
  /** Makes what planning needs in AWS; first it awaits `announce`, which makes durable that this is about to happen. */
  prepare?(
    input: z.output<I>,
    context: {
      readonly ticket: string;
      readonly readers: Readers;
      readonly planners: Planners;
      /** What configuration allows: code of the account (absent: none), comparing with what is there (absent: yes). */
      readonly macros?: readonly string[];
      readonly compareLive?: boolean;
      readonly announce: (residue: Residue) => Promise<void>;
    },
  ): Promise<Made>;
  /**
   * What would happen. Called to make the ticket and again just before execution: it must come out the same.
   * @throws HoldshortError with a code of `refusals`, for what mustn't even be asked
   */
  plan(stored: A, readers: Readers, made: Made | undefined, rules: PlanningRules): Promise<Planned>;
  /** For a tool whose plans may have steps. */
  readonly several?: {
    /** The tools that send those requests by themselves. */
    readonly tools: readonly string[];
    /** The IAM actions of those that are another than their tool's own. */
    readonly actions?: readonly string[];
    /**
     * Those of them that come first and make what the way back is of. They change nothing of what the plan is about:
     * while only they have run, it has to come out the same again, and nothing is kept yet.
     */
    readonly makes?: readonly string[];
    /** How many things such a step makes. Without it: one. */
    count?(plan: P, step: number): number;
    /**
     * Before step `step` (from 2): what isn't as the plan and the steps before leave it, undefined where nothing is.
     * @param made what those before it made
     * @throws as `plan`
     */
    differs(plan: P, readers: Readers, step: number, made: readonly string[]): Promise<string | undefined>;
  };
  /**
   * For a tool that deletes EBS volumes: the arguments of the same call that takes a snapshot of each first
   * (`snapshot_first` of what is planned).
   */
  snapshotFirst?(stored: A): A;
  /**
   * For plans with `undo`, which don't run without: what it takes to bring back what they change, right before.
   * @param made what steps made by then (`several.makes`)
   */
  keep?(plan: P, keepers: Keepers, made: readonly string[]): Promise<ToKeep>;
  /** What the session may do that sends the attempt's request, where one is made for it: that request, and no other. */
  permits(plan: P, attempt: Pick<Attempt, 'step'>): Permits;
  /**
   * Sends the one request that is the effect, or the attempt's step. Called at most once for each, after its intent is
   * durable.
   */
  execute(plan: P, writers: Writers, attempt: Attempt): Promise<void>;
  /**
   * Did it happen, or the attempt's step? Reads only; called until it says something else than `pending`, and after a
   * crash.
   */
  observe(plan: P, readers: Readers, attempt: Attempt): Promise<Observation>;
  /** Removes what `prepare` made, for a ticket that didn't run. Idempotent. */
  discard?(residue: Residue, context: { readonly readers: Readers; readonly writers: Writers }): Promise<Discarded>;
}

export type Tool = ReadTool | TicketTool | RestoreTool | ChangeTool;

// The registry holds tools of many input types. A tool is only ever called with what its own schema parsed, which is
// what makes forgetting the type here sound.
export function defineReadTool<I extends z.ZodObject>(tool: Omit<ReadTool<I>, 'kind'>): ReadTool {
  return { kind: 'read', ...tool } as unknown as ReadTool;
}

export function defineTicketTool<I extends z.ZodObject>(tool: Omit<TicketTool<I>, 'kind' | 'toolset'>): TicketTool {
  return { kind: 'ticket', toolset: 'tickets', ...tool } as unknown as TicketTool;
}

export function defineRestoreTool<I extends z.ZodObject>(tool: Omit<RestoreTool<I>, 'kind' | 'toolset'>): RestoreTool {
  return { kind: 'restore', toolset: 'tickets', ...tool } as unknown as RestoreTool;
}

/**
 * A change tool as its own file has it. Without `record`, the arguments that `stored` names are kept as they were
 * given.
 */
type Definition<I extends z.ZodObject, S extends z.ZodObject, G extends z.ZodType> = Omit<
  ChangeTool<I, z.output<S>, PlanOf<z.output<S>, z.output<G>>>,
  'kind' | 'stored' | 'guard' | 'record'
> & { readonly stored: S; readonly guard?: G } & (z.output<I> extends z.output<S>
    ? Partial<Pick<ChangeTool<I, z.output<S>>, 'record'>>
    : Pick<ChangeTool<I, z.output<S>>, 'record'>);

/** The one place where what was stored gets its form back: what no schema has looked at reaches no tool. */
export function defineChangeTool<I extends z.ZodObject, S extends z.ZodObject, G extends z.ZodType = z.ZodUndefined>(
  tool: Definition<I, S, G>,
): ChangeTool {
  const { stored, guard, several, keep } = tool;
  const named = (given: StoredArguments) =>
    Object.fromEntries(Object.keys(stored.shape).flatMap((name) => (name in given ? [[name, given[name]]] : [])));
  const planOf = (plan: PlanRecord) => ({
    ...plan,
    arguments: readBack(stored, plan.arguments, 'arguments'),
    guard: (guard && readBack(guard, plan.guard, 'guard')) as z.output<G>,
  });
  return {
    record: named,
    ...tool,
    kind: 'change',
    input: credentialFree(tool.input, [...(tool.takes_masks ?? []), ...(tool.only_names ?? [])]),
    plan: async (given: StoredArguments, ...rest: [Readers, Made | undefined, PlanningRules]) => {
      const planned = await tool.plan(stored.parse(given), ...rest);
      // One that it couldn't read again is found out before anything is sent.
      guard?.parse(planned.guard);
      return planned;
    },
    ...(several && {
      several: {
        ...several,
        ...(several.count && { count: (plan: PlanRecord, step: number) => several.count?.(planOf(plan), step) ?? 1 }),
        differs: async (plan: PlanRecord, ...rest: [Readers, number, readonly string[]]) =>
          await several.differs(planOf(plan), ...rest),
      },
    }),
    ...(keep && {
      keep: async (plan: PlanRecord, ...rest: [Keepers, readonly string[]]) => await keep(planOf(plan), ...rest),
    }),
    permits: (plan: PlanRecord, attempt: Pick<Attempt, 'step'>) => tool.permits(planOf(plan), attempt),
    execute: async (plan: PlanRecord, ...rest: [Writers, Attempt]) => await tool.execute(planOf(plan), ...rest),
    observe: async (plan: PlanRecord, ...rest: [Readers, Attempt]) => await tool.observe(planOf(plan), ...rest),
  } as unknown as ChangeTool;
}
