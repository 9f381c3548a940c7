import { z } from 'zod';
import type { Tool } from '../../tools/define.ts';
import { notShell, ruled } from '../../tools/fields.ts';
import type { InputSchema } from '../../tools/schema.ts';
import type { Listed } from '../aws/accounts.ts';
import { accountNamed, accountText } from '../kernel/account.ts';
import type { Json } from '../kernel/digest.ts';
import { HoldshortError } from '../kernel/errors.ts';
import type { StoredTicket } from '../store/port.ts';
import { ticketNotFound } from '../store/story/row.ts';
import type { PlacedContext, ServerContext } from './context.ts';

/** The argument that says which account a call is about, where its agent has more than one. */
const ACCOUNT = 'account';
const Given = ruled(notShell, 100).describe('Account id or name');

/** Of those that work in an account. What is about a ticket is about that ticket's. */
export function takesAccount({ kind }: Tool): boolean {
  return kind === 'read' || kind === 'change';
}

/** Can it be called without naming anything? Then it lists. */
export function isList(tool: Tool): boolean {
  return tool.kind === 'read' && tool.input.safeParse({}).success;
}

/** The schema of a tool's arguments, as an agent with several accounts is given it. */
export function withAccount(tool: Tool, schema: InputSchema): InputSchema {
  const { properties, required, ...rest } = { properties: {}, required: [], ...schema } as InputSchema & {
    readonly properties: { readonly [name: string]: Json };
    readonly required: readonly string[];
  };
  const { description, type } = z.toJSONSchema(Given) as { readonly description: string; readonly type: string };
  const all = isList(tool);
  return {
    ...rest,
    properties: { [ACCOUNT]: { type, description: all ? `${description}; default: all` : description }, ...properties },
    ...(all && required.length === 0 ? {} : { required: all ? required : [ACCOUNT, ...required] }),
  };
}

export interface Split {
  /** What the call says about its account. */
  readonly account?: unknown;
  readonly rest: unknown;
}

/** Takes the argument out, so that tools never see it. Where there are no several accounts it is one as any other. */
export async function splitAccount({ accounts }: ServerContext, tool: Tool, given: unknown): Promise<Split> {
  const named = typeof given === 'object' && given !== null && Object.hasOwn(given, ACCOUNT);
  if (!named || !takesAccount(tool)) return { rest: given };
  // What is wrong with the configuration is said where the account is looked up.
  const several = await accounts.listed().then(
    (listed) => listed !== undefined && listed.length !== 1,
    () => true,
  );
  if (!several) return { rest: given };
  const { [ACCOUNT]: account, ...rest } = given as { readonly [ACCOUNT]: unknown };
  return { account, rest };
}

/**
 * The one place where it is said which account a call is about; whatever is then asked, made, stored or compared is by
 * what is in here. An account that the agent may not ask about is as one that isn't there.
 * @throws invalid_input where it isn't said, or there is none that is called so, or it has no such region
 */
export async function placed(
  context: ServerContext,
  { account, region }: { readonly account?: unknown; readonly region?: Json | undefined },
): Promise<PlacedContext> {
  const listed = await context.accounts.listed();
  if (!listed) return { ...context, aws: context.accounts.byConvention() };
  return await inListed(context, chosen(listed, account), region);
}

/** The same for what a ticket is about. @throws other_account */
export async function placedAt(context: ServerContext, account: string): Promise<PlacedContext> {
  const listed = await context.accounts.listed();
  const one = listed && accountNamed(listed, account);
  if (one) return await inListed(context, one);
  return { ...context, aws: await context.accounts.of(account) };
}

async function inListed(context: ServerContext, one: Listed, region?: Json): Promise<PlacedContext> {
  if (typeof region === 'string' && !one.regions.includes(region))
    throw new HoldshortError(
      'invalid_input',
      `${region} is not one of the regions of account ${accountText(one)}`,
      `give one of ${one.regions.join(', ')}; what else there is to be, your operator says in the configuration`,
    );
  return {
    ...context,
    aws: await context.accounts.of(one.id),
    account: { id: one.id, name: one.name },
    rules: async () => ({ ...(await context.rules()), ...one.own }),
  };
}

/** How many are named where none was. */
const NAMED = 50;

function chosen(listed: readonly Listed[], account: unknown): Listed {
  const [only, ...others] = listed;
  if (!only)
    throw new HoldshortError(
      'invalid_input',
      'there is no account that you may ask about',
      'ask your operator, who gives accounts to agents in the configuration (docs/teams.md)',
    );
  if (account === undefined && others.length === 0) return only;
  const given = Given.safeParse(account);
  const found = given.success ? accountNamed(listed, given.data) : undefined;
  if (found) return found;
  const names = listed.slice(0, NAMED).map(accountText);
  throw new HoldshortError(
    'invalid_input',
    account === undefined ? 'it is not said which account is meant' : 'account: there is none that is called so',
    `give account, by id or name exactly as here: ${names.join(', ')}${listed.length > NAMED ? ', ...' : ''}`,
  );
}

/**
 * The ticket, where the agent may see it: of an account that it may not ask about (any more) it is shown nothing.
 * @throws not_found as for another's
 */
export async function visible(context: Pick<ServerContext, 'accounts'>, ticket: StoredTicket): Promise<StoredTicket> {
  if ((await onlyVisible(context, [ticket])).length > 0) return ticket;
  throw ticketNotFound(ticket.id);
}

/** Those of them that the agent may see. */
export async function onlyVisible(
  { accounts }: Pick<ServerContext, 'accounts'>,
  tickets: readonly StoredTicket[],
): Promise<readonly StoredTicket[]> {
  const listed = await accounts.listed();
  if (!listed) return tickets;
  return tickets.filter(({ plan }) => plan === undefined || listed.some(({ id }) => id === accountIn(plan.bytes)));
}

/** By the plan as it is stored: with another digest than its own nothing of it is shown. */
function accountIn(plan: string): unknown {
  try {
    return (JSON.parse(plan) as { readonly account?: unknown }).account;
  } catch {
    return undefined;
  }
}
