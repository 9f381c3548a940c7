import type { Believed, Unplanned } from '../audit/believe.ts';
import type { Json } from '../kernel/digest.ts';
import type { Impact, PlanRecord, PropertyDifference } from '../kernel/plan.ts';
import type { Rehearsal } from '../kernel/rehearsal.ts';
import { resolutionIn } from '../kernel/resolution.ts';
import { readStatement } from '../kernel/statement.ts';
import { tellsUndo, type Undo, undoExists } from '../kernel/undo.ts';
import { type Waiting, waitingText } from '../kernel/waiting.ts';
import { bytesOf, fitting, LIST_BYTES } from '../present/presentable.ts';
import type { Answer, Outcome } from './answers.ts';
import type { Beside } from './beside.ts';
import { ASK_AGAIN, headlineOf, messageOf } from './message.ts';

/** The lines of a plan and the outcomes per resource share the room; the worst come first. */
const LINES_BYTES = LIST_BYTES / 2;

const STEPS_BYTES = 4 * 1024;
const REHEARSAL_BYTES = 2 * 1024;

/**
 * What an agent sees of a ticket: `message`, `next`, `ticket`, `plan`, `result`, `refusal`. Who decides, and with what,
 * is not for it to choose. The address is for handing on to a person: it shows what the agent has just been told, and
 * decides nothing without that person's key.
 */
export function ticketData(
  ticket: Believed | Unplanned,
  { reviewUrl, shortage }: Beside = {},
): { readonly [key: string]: Json } {
  const { plan } = ticket;
  return {
    ...messageOf(ticket, shortage),
    ticket: {
      id: ticket.id,
      state: ticket.state,
      ...(ticket.plan ? { digest: ticket.digest } : {}),
      created_at: ticket.draft.created_at,
      expires_at: ticket.draft.expires_at,
      ...(plan ? { requirement: plan.requirement } : {}),
      decisions: decisionsOf(ticket),
      ...(ticket.waiting ? { waiting: waitingData(ticket.waiting) } : {}),
      ...(ticket.progress ? { progress: { ...ticket.progress } } : {}),
      ...resolutionData(ticket),
      ...rehearsedData(ticket),
      ...(reviewUrl && plan ? { review_url: reviewUrl(ticket.id) } : {}),
      ...(shortage ? { cannot_be_approved: { message: shortage.message, recovery: shortage.recovery } } : {}),
    },
    ...(plan ? { plan: planData(plan) } : {}),
    ...(ticket.result === undefined ? {} : { result: resultData(ticket.result) }),
    ...(ticket.refusal ? { refusal: { ...ticket.refusal } } : {}),
  };
}

/** A person's word on what became of it, in place of AWS's evidence. */
export function resolutionData({ resolution }: Believed | Unplanned): { readonly resolution?: Json } {
  const word = resolutionIn(resolution);
  return word ? { resolution: { ...word } } : {};
}

/** What a person had rehearsed of it: nobody signed that, nor who they say they are. */
function rehearsedData({ rehearsed }: Believed | Unplanned): { readonly rehearsed?: Json } {
  if (!rehearsed) return {};
  const { at, claimed, rehearsal } = rehearsed;
  return { rehearsed: { at, claimed, checked: false, rehearsal: rehearsalData(rehearsal) } };
}

function waitingData(waiting: Waiting): Json {
  const { code, message } = waiting.refusal;
  return { since: waiting.since, code, message, text: waitingText(waiting) };
}

function planData(plan: PlanRecord): Json {
  const impact = impactData(plan.impact);
  return {
    tool: plan.tool,
    summary: plan.summary,
    environment: plan.environment,
    account: plan.account,
    ...(plan.account_name ? { account_name: plan.account_name } : {}),
    region: plan.region,
    effects: plan.effects,
    impact,
    ...leftOut('impact', plan.impact, impact),
    ...stepsData(plan),
    ...undoData(plan),
    ...(plan.rehearsal ? { rehearsal: rehearsalData(plan.rehearsal) } : {}),
  };
}

/** Each list with a part of the room; of the events those at the end. */
function rehearsalData(rehearsal: Rehearsal): Json {
  if (!rehearsal.carried_through) return { ...rehearsal };
  const { change, way_back, failed, not_back, model_lacks, left_out, ...rest } = rehearsal;
  const listed = (what: string, all: readonly Json[]) => {
    const shown = fitting(all, REHEARSAL_BYTES);
    return { [what]: shown, ...leftOut(what, all, shown) };
  };
  return {
    ...rest,
    change: {
      ended: change.ended,
      detail: change.detail,
      ...listed('last_events', [...change.events].reverse().map(plain)),
    },
    ...(way_back ? { way_back } : {}),
    ...listed('failed', failed),
    ...listed('not_back', not_back),
    ...listed('model_lacks', model_lacks),
    ...(left_out ? { left_out: plain(left_out) } : {}),
  };
}

/** Without what is absent. */
function plain<T extends object>(value: T): { readonly [key: string]: Json } {
  return JSON.parse(JSON.stringify(value));
}

/** How much of it could be brought back, and what this brings back. */
function undoData(plan: PlanRecord): { readonly [key: string]: Json } {
  const { undo, restores, snapshot_first } = plan;
  const needs = undo && fitting(undo.needs, STEPS_BYTES);
  const way = undo && needs && { by: undo.by, needs, ...leftOut('needs', undo.needs, needs), ...lostData(undo) };
  const back = restores && {
    ticket: restores.ticket,
    part: restores.part,
    of: restores.of,
    environment: restores.environment,
    ...lostData(restores),
    ...(restores.made ? { made: restores.made.map((one) => ({ ...one })) } : {}),
    ...(restores.before ? { before: restores.before } : {}),
  };
  return {
    ...(tellsUndo(plan)
      ? { undo: { exists: undoExists(plan), ...(snapshot_first ? { snapshot_first } : {}), ...way } }
      : {}),
    ...(back ? { restores: back } : {}),
  };
}

function lostData({ lost }: Pick<Undo, 'lost'>): { readonly [key: string]: Json } {
  const shown = fitting(
    lost.map((one) => ({ ...one })),
    STEPS_BYTES,
  );
  return { lost: shown, ...leftOut('lost', lost, shown) };
}

/** The requests, where the change takes several. */
function stepsData({ steps }: PlanRecord): { readonly [key: string]: Json } {
  if (!steps) return {};
  const shown = fitting(
    steps.map((step) => ({ ...step })),
    STEPS_BYTES,
  );
  return { steps: shown, ...leftOut('steps', steps, shown) };
}

/**
 * As many lines as fit. The room that they leave is for their properties, an equal part for each line that has some: no
 * property's value pushes a line out of the answer.
 */
function impactData(impact: readonly Impact[]): readonly { readonly [key: string]: Json }[] {
  const bare = impact.map(({ properties: _, properties_left_out: __, weight: ___, ...line }) => line);
  const some = impact.some(({ properties }) => properties);
  const lines = fitting(bare, some ? 0.75 * LINES_BYTES : LINES_BYTES);
  const telling = impact.slice(0, lines.length).filter(({ properties }) => properties).length;
  const room = (LINES_BYTES - bytesOf(lines)) / Math.max(1, telling);
  return lines.map((line, at) => ({ ...line, ...propertiesData(impact[at], room) }));
}

function propertiesData(line: Impact | undefined, room: number): { readonly [key: string]: Json } {
  if (!line?.properties) return {};
  const shown = fitting(line.properties.map(jsonOf), room);
  const left = (line.properties_left_out ?? 0) + line.properties.length - shown.length;
  return { properties: shown, ...(left > 0 ? { properties_left_out: left } : {}) };
}

function jsonOf({ name, before, after, replaces }: PropertyDifference): { readonly [key: string]: Json } {
  return {
    name,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    ...(replaces === undefined ? {} : { replaces }),
  };
}

function resultData(result: Json): Json {
  if (result === null || typeof result !== 'object' || !('resources' in result)) return result;
  const all = result.resources;
  if (!Array.isArray(all)) return result;
  const resources = fitting(all as readonly Json[], LINES_BYTES);
  return { ...result, resources, ...leftOut('resources', all, resources) };
}

function leftOut(what: string, all: readonly unknown[], shown: readonly unknown[]): { readonly [key: string]: number } {
  return all.length > shown.length ? { [`${what}_left_out`]: all.length - shown.length } : {};
}

function decisionsOf(ticket: Believed | Unplanned): Json {
  return ticket.decisions.flatMap((signed) => {
    const statement = readStatement(signed);
    if (statement?.kind !== 'decision') return [];
    const { by, decision, assurance, signed_at, reason, break_glass } = statement;
    const more = { ...(reason === undefined ? {} : { reason }), ...(break_glass ? { break_glass } : {}) };
    return [{ by, decision, assurance, at: signed_at, ...more }];
  });
}

/** The state of a ticket as the outcome of the call that asked for it. */
function outcomeOf({ state, resolution }: Believed | Unplanned): Outcome {
  switch (state) {
    case 'planning':
    case 'approved':
    case 'executing':
      return 'in_progress';
    case 'pending':
      return 'pending_approval';
    case 'succeeded':
      return 'completed';
    case 'resolved':
      return resolutionIn(resolution)?.happened ? 'completed' : 'failed';
    case 'failed':
    case 'unknown':
      return state;
    default:
      return 'refused';
  }
}

/** The answer to a change call, or to looking at one. */
export function ticketAnswer(ticket: Believed | Unplanned, beside: Beside = {}): Answer {
  const outcome = outcomeOf(ticket);
  return {
    data: {
      outcome,
      ...ticketData(ticket, beside),
      ...(outcome === 'refused' && !ticket.refusal ? { refusal: endedWithout(ticket) } : {}),
    },
    headline: headlineOf(messageOf(ticket, beside.shortage)),
    isError: outcome === 'refused' || outcome === 'failed' || outcome === 'unknown',
  };
}

function endedWithout({ state, id }: Believed | Unplanned): Json {
  return { code: state, message: `${id} is ${state}`, recovery: ASK_AGAIN };
}
