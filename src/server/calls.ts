import type { z } from 'zod';
import type { ChangeTool, TicketTool, Tool } from '../../tools/define.ts';
import { hideCredentials } from '../../tools/ports/credentials.ts';
import type { RestoreAsked } from '../../tools/ports/keepers.ts';
import { inputSchemaOf } from '../../tools/schema.ts';
import { believe } from '../audit/believe.ts';
import { type Json, sha256, stableJson } from '../kernel/digest.ts';
import { HoldshortError, type Refusal, refusalOf } from '../kernel/errors.ts';
import { nearest } from '../kernel/nearest.ts';
import { bounded } from '../kernel/safe-text.ts';
import type { StoredTicket } from '../store/port.ts';
import { factsOf } from '../telemetry/telemetry.ts';
import { placed, splitAccount, visible } from './account.ts';
import { type Answer, refused } from './answers.ts';
import { malformed, membersAt } from './arguments.ts';
import { besideOf } from './beside.ts';
import { briefly, hideCredentialsIn } from './brief.ts';
import { propose } from './changes.ts';
import type { PlacedContext, ServerContext } from './context.ts';
import { demandLogin } from './login.ts';
import { headlineOf } from './message.ts';
import { ownTickets } from './own-tickets.ts';
import { asObject, loggedArguments, type Recorder, read } from './reading.ts';
import { restoring } from './restoring.ts';
import { ticketAnswer } from './views.ts';

/** Why a call's requests end; made once, as an error made for each call would note each time where it was made. */
const OVER = new Error('the call is over');

/** Reads answer within this many milliseconds, credentials and caller identity included, or say that AWS is slow. */
const READ_MS = 40_000;

export interface Call {
  readonly name: string;
  readonly arguments: unknown;
  readonly signal: AbortSignal;
  readonly progress: (elapsedMs: number, totalMs: number, message: string) => void;
  /** The session's own entry, which comes before the call's. */
  readonly opened: Promise<unknown>;
  /** Where its sender's trace goes on, as it says itself; for telemetry alone. */
  readonly traceparent?: unknown;
}

/**
 * One call, from parsing to answer. The audit entry is written before the answer leaves; if it can't be written, the
 * call fails. This is the one place where errors become answers.
 */
export async function answerCall(context: ServerContext, call: Call): Promise<Answer> {
  const { telemetry } = context;
  const tool = context.tools.some(({ name }) => name === call.name) ? call.name : 'unknown_tool';
  const work = async () => {
    const answer = await answered(context, call);
    const { outcome, code } = endOf(answer);
    telemetry.tell({ outcome, code });
    telemetry.count('calls', { tool, outcome });
    if (code !== undefined) telemetry.count('refusals', { tool, code });
    return answer;
  };
  return await telemetry.span('call', { tool }, work, call.traceparent);
}

/** A ticket's own refusal, which is only told again, is none of this call's. */
function endOf({ data, isError }: Answer): { readonly outcome: string; readonly code: string | undefined } {
  const { outcome = 'completed', refusal } = data;
  const { code } = asObject(isError ? (refusal ?? null) : null);
  return { outcome: String(outcome), code: code === undefined ? undefined : String(code) };
}

async function answered(context: ServerContext, call: Call): Promise<Answer> {
  const { log } = context;
  try {
    await recorded(call.name, call.opened);
    return await handle(context, call);
  } catch (error) {
    const refusal = error instanceof HoldshortError ? refusalOf(error) : INTERNAL;
    if (!(error instanceof HoldshortError)) log.error({ err: error, tool: nameOf(call) }, 'a call failed');
    return refused(refusal);
  }
}

/** A withdrawal is in the log by itself, with its session: that the clock went back keeps no agent from it. */
async function recorded(tool: string, entry: Promise<unknown>): Promise<void> {
  try {
    await entry;
  } catch (error) {
    const clock = error instanceof HoldshortError && error.code === 'clock_went_back';
    if (!clock || tool !== 'ticket_withdraw') throw error;
  }
}

const INTERNAL: Refusal = {
  code: 'internal',
  message: 'something went wrong in Holdshort; nothing was run',
  recovery: "the operator finds the cause in the server's log on stderr",
};

async function handle(context: ServerContext, call: Call): Promise<Answer> {
  const record: Recorder = (event) =>
    context.store.append({
      actor: `agent:${context.agent}`,
      session: context.session,
      tool: nameOf(call),
      ...event,
    });
  const tool = context.tools.find((known) => known.name === call.name);
  const problem = malformed(call.arguments);
  const { account, rest } = tool ? await splitAccount(context, tool, call.arguments) : { rest: call.arguments };
  const parsed = problem === undefined ? tool?.input.safeParse(rest ?? {}, { error: missing }) : undefined;
  if (!tool || !parsed?.success) {
    const refusal = tool ? invalidInput(tool, problem, parsed?.error) : unknownTool(context, call);
    // Arguments that weren't understood may hold anything, secrets too: their hash is enough to find the call again.
    const hash = problem === undefined ? { arguments_sha256: sha256(stableJson((call.arguments ?? {}) as Json)) } : {};
    await record({ type: 'call.rejected', outcome: refusal.code, detail: { ...refusal, ...hash } });
    return refused(refusal);
  }
  const input = parsed.data as Record<string, Json>;
  try {
    await demandLogin(context);
    switch (tool.kind) {
      case 'read':
        return await withDeadline(call.signal, (over) => read(context, tool, { input, account }, record, over));
      case 'ticket':
        return await aboutTickets(context, tool, input, call, record);
      case 'restore':
        return await restored(context, tool.asks(input));
      case 'change':
        return await proposed(
          await placed(context, { account, region: input.region }),
          tool,
          input as Record<string, Json> & { reason: string },
        );
      default:
        return tool satisfies never;
    }
  } catch (error) {
    const refusal = error instanceof HoldshortError ? refusalOf(error) : INTERNAL;
    // A store that couldn't be written a moment ago isn't asked, and waited for, again.
    if (!UNWRITABLE.has(refusal.code)) {
      const asks = tool.kind === 'change' || tool.kind === 'restore';
      const failed = !asks || refusal.code.startsWith('aws_') || refusal === INTERNAL;
      const type = failed ? 'call.failed' : 'call.refused';
      await record({
        type,
        outcome: refusal.code,
        detail: {
          ...told(refusal),
          arguments: loggedArguments(tool, input),
          ...(typeof account === 'string' ? { account: briefly(account, 100) } : {}),
        },
      });
    }
    throw error;
  }
}

async function proposed(
  context: PlacedContext,
  tool: ChangeTool,
  input: Record<string, Json> & { reason: string },
): Promise<Answer> {
  return await answerAbout(context, await propose(context, tool, input));
}

async function restored(context: ServerContext, asked: RestoreAsked): Promise<Answer> {
  const source = believe(await visible(context, await context.store.ticket(asked.ticket)));
  const { there, tool, input, ...kept } = await restoring(source, asked, context);
  return await answerAbout(context, await propose(there, tool, input, kept));
}

async function answerAbout(context: ServerContext, stored: StoredTicket): Promise<Answer> {
  const ticket = believe(stored);
  context.telemetry.tell({ ticket: ticket.id, ...(ticket.plan && factsOf(ticket.plan)) });
  return ticketAnswer(ticket, await besideOf(context, ticket));
}

const UNWRITABLE: ReadonlySet<string> = new Set(['store_unavailable', 'clock_went_back']);

/** A refusal may quote what was asked for. */
function told(refusal: Refusal): Refusal {
  return { ...refusal, message: hideCredentials(refusal.message) };
}

async function aboutTickets(
  context: ServerContext,
  tool: TicketTool,
  input: Record<string, Json>,
  call: Call,
  record: Recorder,
): Promise<Answer> {
  const data = asObject(await tool.run(input, ownTickets(context, call.signal), call.progress));
  const ticket = data.ticket as { readonly [key: string]: Json } | undefined;
  const completed = record({
    type: 'call.completed',
    outcome: 'completed',
    ticket: typeof ticket?.id === 'string' ? ticket.id : undefined,
    detail: { arguments: loggedArguments(tool, input), state: ticket?.state },
  });
  await recorded(tool.name, completed);
  const { message, next } = data as { readonly message?: string; readonly next?: string };
  return { data, headline: message && headlineOf({ message, ...(next && { next }) }), isError: false };
}

/**
 * Does `work` until it is done, the time is over or the client no longer waits; after that nothing more is asked of
 * AWS.
 */
async function withDeadline<T>(cancelled: AbortSignal, work: (over: AbortSignal) => Promise<T>): Promise<T> {
  const over = new AbortController();
  const end = () => over.abort(OVER);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const message = `AWS did not answer within ${READ_MS / 1000} seconds`;
    timer = setTimeout(
      () => reject(new HoldshortError('aws_unreachable', message, 'try again, or ask for less')),
      READ_MS,
    );
  });
  // `AbortSignal.any` would be shorter; its weak references cost each read a fifth of a millisecond, most of it in
  // collecting garbage.
  cancelled.addEventListener('abort', end, { once: true });
  if (cancelled.aborted) end();
  try {
    return await Promise.race([work(over.signal), late]);
  } finally {
    clearTimeout(timer);
    cancelled.removeEventListener('abort', end);
    end();
  }
}

function invalidInput(tool: Tool, problem: string | undefined, error: z.ZodError | undefined): Refusal {
  const [issue] = error?.issues ?? [];
  const inside = issue && membersAt(inputSchemaOf(tool), issue.path);
  const takes = [`it takes ${Object.keys(tool.input.shape).join(', ')}`, ...(inside ? [inside] : [])].join('; ');
  return {
    code: 'invalid_input',
    message: problem ?? issuesOf(error),
    recovery: `correct the arguments of ${tool.name}; ${takes}`,
  };
}

/** The schema library says of what isn't given only that it is of another type. */
function missing({ code, input }: z.core.$ZodRawIssue): string | undefined {
  return code === 'invalid_type' && input === undefined ? 'is missing' : undefined;
}

function issuesOf(error: z.ZodError | undefined): string {
  const issues = (error?.issues ?? []).slice(0, 5).map((issue) => {
    const where = issue.path.map(String).join('.');
    const message = hideCredentialsIn(issue.message);
    return bounded(where ? `${hideCredentialsIn(where)}: ${message}` : message, 300, sha256);
  });
  return issues.join('; ');
}

/** The tool's name as it may be shown: of one that isn't known, the agent says what it likes. */
function nameOf({ name }: Pick<Call, 'name'>): string {
  return bounded(hideCredentialsIn(name), 100, sha256);
}

/** Longer names are no tool's, and comparing one of a megabyte would take long. */
const LONGEST_NAME = 100;

function meantOf({ tools }: ServerContext, { name }: Call): string {
  const names = tools.map((tool) => tool.name);
  const meant = name.length > LONGEST_NAME ? undefined : nearest(name, names);
  return meant ? `did you mean ${meant}? tools/list has all that there are` : 'use one of those that tools/list has';
}

function unknownTool(context: ServerContext, call: Call): Refusal {
  const decides = /approv|decid|decision|confirm|consent|halt|resume|execut/i.test(call.name);
  return {
    code: 'unknown_tool',
    message: `there is no tool ${nameOf(call)} on this server`,
    recovery: decides
      ? 'nothing on this server approves or runs a ticket; a person decides it elsewhere, wait with ticket_wait'
      : meantOf(context, call),
  };
}
