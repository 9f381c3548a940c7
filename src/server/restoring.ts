import type { ChangeTool } from '../../tools/define.ts';
import type { RestoreAsked } from '../../tools/ports/keepers.ts';
import { type Believed, believe, judge, type Unplanned } from '../audit/believe.ts';
import type { Json } from '../kernel/digest.ts';
import { countsAs } from '../kernel/environment.ts';
import { HoldshortError } from '../kernel/errors.ts';
import type { KitCall } from '../kernel/kit.ts';
import { filled, MAY_HAVE, type MadeByPart, madeBy, type Restoration, restorationsOf } from '../kernel/made-part.ts';
import type { TicketId } from '../kernel/ticket.ts';
import { restoreHint } from '../kernel/undo.ts';
import { placedAt } from './account.ts';
import type { Asked, FromKit } from './changes.ts';
import type { PlacedContext, ServerContext } from './context.ts';

/** The call that brings back a part of what a ticket changed. */
export interface Restoring extends FromKit {
  readonly tool: ChangeTool;
  readonly input: Asked;
  /** In the account where it was. */
  readonly there: PlacedContext;
}

/**
 * What is asked for again, from the recovery kit that the log names. It goes the way of every other call: planned, held
 * and run as if it had been written by hand.
 * @throws wrong_state where there is no kit, or the ticket is still under way
 * @throws other_account where these credentials are for another account than that in which it was
 * @throws wrong_state where it needs what an earlier part makes, and that isn't known
 * @throws invalid_input where there is no such part, or what can't be kept isn't given
 */
export async function restoring(
  ticket: Believed | Unplanned,
  { part, parameters, reason }: Omit<RestoreAsked, 'ticket'>,
  context: ServerContext,
): Promise<Restoring> {
  const { tools, kits, store } = context;
  const { id, kit: kept, plan } = ticket;
  const undo = plan?.undo;
  if (!kept || !undo)
    throw new HoldshortError(
      'wrong_state',
      `nothing was kept of what ${id} changed${plan ? '' : ', which was never planned'}`,
      'bring it back by hand: its plan and its result say what it was (ticket_get)',
    );
  if (ticket.state === 'executing')
    throw new HoldshortError('wrong_state', `${id} is still under way`, 'wait until it has ended, then ask again');
  const kit = await kits.open(id, kept);
  const there = await placedAt(context, kit.account);
  const { account } = await there.aws.caller(kit.region);
  if (account !== kit.account)
    throw new HoldshortError(
      'other_account',
      `${id} changed account ${kit.account}, and these credentials are for ${account}`,
      `ask for it with credentials for ${kit.account}`,
    );
  const call = kit.calls[part - 1];
  if (!call) {
    const message = `there is no part ${part}: what brings back ${id} takes ${kit.calls.length}`;
    throw new HoldshortError('invalid_input', message, `ask for a part from 1 to ${kit.calls.length}`);
  }
  const tool = tools.find(({ name }) => name === call.tool);
  if (tool?.kind !== 'change')
    throw new HoldshortError(
      'unknown_tool',
      `this server offers no ${call.tool}, which brings back ${id}`,
      `ask your operator, who may use: ${restoreHint(id, undo, part)}`,
    );
  const of = { ticket: id, kit: kept.sha256, account, region: kit.region };
  const all = await restorationsIn(store, id);
  const made = (call.made ?? []).map((reference) => ({ reference, ...madeBy(reference, of, all) }));
  const before = restorationsOf(part, of, all).filter(({ state }) => MAY_HAVE.has(state));
  const idOf = (reference: MadeByPart) => made.find((one) => one.reference === reference)?.id ?? '';
  const whole = { tool: call.tool, arguments: filled(call, idOf) };
  const needs = part === 1 ? undo.needs : [];
  const input = inputOf(tool, whole, { needs, parameters, reason, region: kit.region });
  const { tags: _, ...untagged } = input;
  return {
    there,
    tool,
    input,
    said: { ...untagged, parameters: parameters ?? {} },
    restores: {
      ticket: id,
      kit: kept.sha256,
      part,
      of: kit.calls.length,
      lost: undo.lost,
      environment: countsAs(await there.rules(), plan),
      ...(made.length > 0 ? { made: distinct(made.map(({ reference: _, ...one }) => one)) } : {}),
      ...(before.length > 0 ? { before: before.slice(0, MOST_BEFORE).map((one) => one.id) } : {}),
    },
  };
}

const MOST_BEFORE = 20;

/**
 * The attacker has an agent's login, and writes a row that says that it brings this back: it ends nobody's question.
 * What an executor began, by the log, made something or may have: that is not passed over.
 * @throws tampered where the log vouches for such a one no more
 */
async function restorationsIn(
  { restorations }: Pick<ServerContext['store'], 'restorations'>,
  id: TicketId,
): Promise<readonly Restoration[]> {
  return (await restorations(id)).flatMap((stored) => {
    const wasBegun = stored.trail.some(({ state }) => state === 'executing');
    if (!wasBegun && judge(stored).kind === 'altered') return [];
    const { plan, ...ticket } = believe(stored);
    return [{ ...ticket, result: ticket.result, restores: plan?.restores }];
  });
}

function distinct<T extends { readonly part: number; readonly id: string }>(made: readonly T[]): T[] {
  return [...new Map(made.map((one) => [`${one.part} ${one.id}`, one])).values()];
}

interface Given {
  readonly needs: readonly string[];
  readonly parameters: Readonly<Record<string, string>> | undefined;
  readonly reason: string;
  readonly region: string;
}

/** Who restores gives what could not be kept, and nothing else: it is brought back as it was. */
function inputOf(tool: ChangeTool, call: KitCall, { needs, parameters = {}, reason, region }: Given): Asked {
  const given = Object.keys(parameters);
  const missing = needs.filter((name) => !given.includes(name));
  const foreign = given.find((name) => !needs.includes(name));
  if (missing.length > 0 || foreign !== undefined) {
    const message =
      missing.length > 0 ? `${missing.join(', ')} could not be kept` : `${foreign} was kept, and is not to be given`;
    throw new HoldshortError(
      'invalid_input',
      message,
      needs.length > 0
        ? `give the values of ${needs.join(', ')}, and no other, as parameters (in a terminal: --parameters FILE)`
        : 'give no parameters',
    );
  }
  const kept = (call.arguments.parameters ?? {}) as Record<string, Json>;
  const all = { ...kept, ...parameters };
  const parsed = tool.input.safeParse({
    ...call.arguments,
    ...(Object.keys(all).length > 0 ? { parameters: all } : {}),
    region,
    reason,
  });
  if (parsed.success) return parsed.data as Asked;
  throw new HoldshortError(
    'wrong_state',
    `${tool.name} does not take what was kept: ${parsed.error.issues[0]?.message ?? 'another form'}`,
    'open the kit and bring it back by hand (docs/recovery.md)',
  );
}
