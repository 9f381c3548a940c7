import type { ReadTool, Tool } from '../../tools/define.ts';
import { HIDDEN } from '../../tools/ports/masks.ts';
import { hideArguments } from '../../tools/ports/redaction.ts';
import type { AuditEvent } from '../audit/entry.ts';
import type { AccountRef } from '../kernel/account.ts';
import { type Json, sha256, stableJson } from '../kernel/digest.ts';
import { HoldshortError, refusalOf } from '../kernel/errors.ts';
import { NO_APPROVALS } from '../kernel/requirement.ts';
import { refusalBy } from '../policy/refusal.ts';
import { bytesOf, LIST_BYTES } from '../present/presentable.ts';
import { QUIET } from '../telemetry/telemetry.ts';
import { isList, placed } from './account.ts';
import type { Answer } from './answers.ts';
import type { PlacedContext, ServerContext } from './context.ts';
import { withoutLeftOut } from './repeated.ts';
import { readQuestion } from './weighing.ts';

export type Recorder = (event: Omit<AuditEvent, 'actor' | 'session' | 'tool'>) => Promise<unknown>;

/** What a tool's own schema parsed, and what the call says of its account. */
interface Asked {
  readonly input: Record<string, Json>;
  readonly account?: unknown;
}

/** One account, or each that the agent may ask about: of a tool that lists, where none is named. */
export async function read(
  context: ServerContext,
  tool: ReadTool,
  { input, account }: Asked,
  record: Recorder,
  over: AbortSignal,
): Promise<Answer> {
  const listed = (await context.accounts.listed()) ?? [];
  const { region, cursor } = input;
  // A place to go on from is one account's.
  if (listed.length > 1 && account === undefined && cursor === undefined && isList(tool))
    return await readAll(context, listed, tool, input, record, over);
  const there = await placed(context, { account, region });
  return { data: asObject(await readThere(there, tool, input, record, over)), isError: false };
}

async function readThere(
  context: PlacedContext,
  tool: ReadTool,
  input: Record<string, Json>,
  record: Recorder,
  over: AbortSignal,
): Promise<Json> {
  const region = typeof input.region === 'string' ? input.region : await context.aws.defaultRegion();
  const readers = await context.aws.readers(region, over);
  const { account } = readers.caller;
  const question = await readQuestion(context, tool, input, { account, region });
  const { environment } = question;
  context.telemetry.tell({ account, region, environment });
  const policy = await context.policy();
  if (!policy.permits(question, NO_APPROVALS)) {
    const { message, recovery } = refusalBy(policy, question);
    throw new HoldshortError('policy_forbids', message, recovery);
  }
  const data = await tool.read(input, readers, await context.rules());
  await record({
    type: 'call.completed',
    environment,
    outcome: 'completed',
    detail: { arguments: loggedArguments(tool, input), account, region },
  });
  return data;
}

/** Accounts that are asked at once. */
const AT_ONCE = 8;

/** One that fails fails for itself, and is said; so is one for whose list there is no room. */
async function readAll(
  context: ServerContext,
  listed: readonly AccountRef[],
  tool: ReadTool,
  input: Record<string, Json>,
  record: Recorder,
  over: AbortSignal,
): Promise<Answer> {
  const found = new Map<string, Json>();
  const waiting = [...listed];
  const ask = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift())
      found.set(next.id, await readOne({ ...context, telemetry: QUIET }, next, tool, input, record, over));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, ask));
  context.telemetry.tell({ account: 'several' });
  let room = LIST_BYTES;
  const accounts = listed.map(({ id, name }) => {
    const whole = { account: id, account_name: name, ...asObject(found.get(id) ?? null) };
    const size = bytesOf(whole);
    if (size <= room) {
      room -= size;
      return whole;
    }
    return {
      account: id,
      account_name: name,
      left_out: `no room for its list here; make the same call with account: ${name}`,
    };
  });
  return { data: { accounts }, isError: false };
}

async function readOne(
  context: ServerContext,
  { id }: AccountRef,
  tool: ReadTool,
  input: Record<string, Json>,
  record: Recorder,
  over: AbortSignal,
): Promise<Json> {
  try {
    return await readThere(await placed(context, { account: id, region: input.region }), tool, input, record, over);
  } catch (error) {
    // A store that can't be written, or what nobody foresaw, is no account's own.
    if (!(error instanceof HoldshortError) || error.code === 'store_unavailable' || error.code === 'clock_went_back')
      throw error;
    const refusal = refusalOf(error);
    const type = refusal.code.startsWith('aws_') ? 'call.failed' : 'call.refused';
    const detail = { ...refusal, arguments: loggedArguments(tool, input), account: id };
    await record({ type, outcome: refusal.code, detail });
    return { refusal: { ...refusal } };
  }
}

/**
 * What was asked for, as the log keeps it. An argument of which its tool says nothing may hold a secret that neither
 * name nor form tells; its hash is none either, where a secret is short enough to be guessed.
 */
export function loggedArguments({ log = {} }: Pick<Tool, 'log'>, input: Record<string, Json>): Json {
  const given = Object.entries(input);
  const shown = given.flatMap(([name, value]): [string, Json][] =>
    log[name] === 'shown' ? [[name, withoutLeftOut({ log }, input, value)]] : [],
  );
  const others = given.flatMap(([name, value]) => {
    const how = log[name];
    if (how === 'shown' || how === 'left_out') return [];
    return how === undefined ? [[name, HIDDEN]] : [[how.sha256_as, sha256(textOf(value))]];
  });
  return { ...(hideArguments(Object.fromEntries(shown)) as Record<string, Json>), ...Object.fromEntries(others) };
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : stableJson(value);
}

export function asObject(data: Json): { readonly [key: string]: Json } {
  return data !== null && typeof data === 'object' && !Array.isArray(data)
    ? (data as { readonly [key: string]: Json })
    : { items: data };
}
