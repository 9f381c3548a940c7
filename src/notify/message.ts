import { type Believed, judge } from '../audit/believe.ts';
import { asStarted, INSTALLED_NAME } from '../kernel/command-name.ts';
import { type Json, sha256 } from '../kernel/digest.ts';
import { countsText } from '../kernel/effect-counts.ts';
import { operatorText } from '../kernel/identity.ts';
import type { PlanRecord } from '../kernel/plan.ts';
import { resolutionIn, resolutionText, resolveHint } from '../kernel/resolution.ts';
import { boundedText, quotedName, quotedText } from '../kernel/safe-text.ts';
import { readStatement, type StatementOf } from '../kernel/statement.ts';
import type { TicketState } from '../kernel/ticket.ts';
import { actionOf } from '../kernel/tool-name.ts';
import { waitingText } from '../kernel/waiting.ts';
import type { StoredNotice, StoredTicket } from '../store/port.ts';

/**
 * What is told about one step of a ticket, or about a signed statement. Every text is safe and bounded; nothing in it
 * decides, and none of the call's arguments is in it.
 */
export interface Message {
  readonly type: string;
  /** ISO 8601 */
  readonly timestamp: string;
  readonly data: { readonly [key: string]: Json };
  /** For people: one line, then facts. */
  readonly title: string;
  readonly facts: readonly string[];
}

/** What is told beside a ticket itself. */
export interface Beside {
  /** Where the ticket can be looked at; deciding there takes a factor of the approver's own. */
  readonly reviewUrl?: string | undefined;
  readonly shortage?: Shortage | undefined;
  /** How this program was started. */
  readonly command?: string | undefined;
}

/** Why nobody who is enrolled could let it run, as things are when it is told, and the way out. */
export interface Shortage {
  readonly message: string;
  readonly recovery: string;
}

const LINE = 300;
const WAY_OUT = 1000;
const text = (value: string, limit = LINE) => boundedText(value, limit, sha256);
/** Among other words: in quotation marks where it could go on as one of them. */
const name = (value: string, limit: number) => quotedName(value, limit, sha256);

/**
 * The message of a notice. The attacker may have written to the database: of a ticket that the log doesn't vouch for,
 * only that is told.
 */
export function messageOf(
  notice: StoredNotice,
  stored: StoredTicket,
  { reviewUrl, shortage, command = INSTALLED_NAME }: Beside = {},
): Message {
  const typed = (hint: string) => asStarted(hint, command);
  // Which step it is about is told in any case, as its log has it.
  const step = stored.trail.find(({ seq }) => seq === notice.seq);
  const state = step?.state ?? stored.state;
  const belief = judge(stored);
  const ticket = belief.kind === 'altered' ? undefined : belief.ticket;
  const { plan } = ticket ?? {};
  const refusal = ticket?.state === state ? ticket.refusal : undefined;
  const word = ticket?.state === state ? resolutionIn(ticket.resolution) : undefined;
  const waiting = ticket?.state === state ? ticket.waiting : undefined;
  const broken = state === 'approved' ? glassBy(stored, step?.actor) : undefined;
  const link = reviewUrl === undefined ? {} : { review_url: reviewUrl };
  const short = plan && state === 'pending' ? shortage : undefined;
  const wayOut = short && text(typed(short.recovery), WAY_OUT);
  const data = {
    ticket: stored.id,
    state,
    by: text(step?.actor ?? 'unknown', 80),
    ...(ticket?.plan ? planData(ticket) : { problem: 'the stored ticket is not what the log says it is' }),
    ...(broken ? { break_glass: true } : {}),
    ...(word ? { resolution: { ...word, reason: text(word.reason) } } : {}),
    ...(waiting
      ? { waiting: { since: waiting.since, code: waiting.refusal.code, text: text(waitingText(waiting)) } }
      : {}),
    ...(refusal ? { refusal: { code: refusal.code, message: text(refusal.message) } } : {}),
    ...(short && wayOut ? { cannot_be_approved: { message: text(short.message), recovery: wayOut } } : {}),
    ...link,
  };
  const said = [
    ...(refusal ? [`Why: ${text(refusal.message)}`] : []),
    ...(waiting ? [`It waits: ${text(waitingText(waiting))}`] : []),
    ...(word ? [`Resolved: ${text(resolutionText(word))}`] : []),
  ];
  return {
    type: `ticket.${state}`,
    timestamp: step?.at ?? notice.created_at,
    data,
    title: `${broken ? 'GLASS BROKEN: ' : ''}${plan ? `${plan.environment.toUpperCase()} ${text(actionOf(plan.tool), 80)}` : 'A ticket'} ${WORDS[state]}`,
    facts: [
      ...(plan ? planFacts(plan) : [typed('The stored ticket is not what the log says it is: holdshort audit verify')]),
      ...said,
      ...(short ? [`Nobody can approve it as things are: ${text(short.message)}`, `What it takes: ${wayOut}`] : []),
      ...(broken
        ? [
            `Glass broken by ${text(broken.by, 80)}, alone: ${quotedText(broken.reason ?? '', LINE, sha256)}`,
            typed(`Somebody else reviews it: holdshort tickets review ${stored.id}`),
          ]
        : []),
      `Ticket: ${stored.id}`,
      ...(state === 'pending' ? [typed(`Decide: holdshort approve ${stored.id}`)] : []),
      ...(plan && state === 'unknown' && stored.state === state
        ? [typed(`Look at it there and settle it: ${resolveHint(stored.id)}`)]
        : []),
      ...(reviewUrl === undefined ? [] : [`Look: ${reviewUrl}`]),
    ],
  };
}

const WORDS: Readonly<Record<TicketState, string>> = {
  planning: 'is being planned',
  pending: 'waits for a decision',
  approved: 'was approved',
  executing: 'is being executed',
  succeeded: 'was done',
  failed: 'failed',
  unknown: 'has an outcome that can not be told',
  resolved: 'was resolved by a person, not by AWS',
  refused: 'was refused',
  denied: 'was denied',
  expired: 'expired',
  withdrawn: 'was withdrawn by the agent',
  stale: 'is stale: AWS has changed',
};

/**
 * The decision of the one who moved the ticket, where it broke the glass. It only adds words: nothing here checks who
 * signed. It is told of an altered ticket too, or writing to the database would silence it.
 */
function glassBy({ decisions }: StoredTicket, actor: string | undefined): StatementOf<'decision'> | undefined {
  return decisions
    .flatMap((signed) => readStatement(signed) ?? [])
    .filter((statement) => statement.kind === 'decision')
    .findLast(({ break_glass, by }) => break_glass && `approver:${by}` === actor);
}

const MOST_TARGETS = 5;

function planData({ plan, digest }: Believed): { readonly [key: string]: Json } {
  return {
    tool: text(plan.tool, 80),
    agent: text(plan.agent, 80),
    operator: text(plan.operator, 80),
    ...(plan.identity ? { identity: { ...plan.identity } } : {}),
    environment: plan.environment,
    account: text(plan.account, 20),
    ...(plan.account_name ? { account_name: text(plan.account_name, 40) } : {}),
    region: text(plan.region, 40),
    summary: text(plan.summary),
    effects: plan.effects,
    resources: plan.impact.length,
    ...(plan.steps ? { steps: plan.steps.map(({ tool }) => text(tool, 80)) } : {}),
    targets: plan.targets.slice(0, MOST_TARGETS).map(({ name }) => text(name, 128)),
    requirement: { ...plan.requirement },
    digest,
    created_at: plan.created_at,
    expires_at: plan.expires_at,
  };
}

function planFacts(plan: PlanRecord): readonly string[] {
  const names = plan.targets.slice(0, MOST_TARGETS).map((target) => name(target.name, 128));
  const more = plan.targets.length - names.length;
  return [
    `Effects: ${countsText(plan.impact) || plan.effects.join(', ')} (${plan.impact.length} resources)`,
    `Target: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
    `Where: account ${name(plan.account, 20)}${plan.account_name ? ` (${name(plan.account_name, 40)})` : ''}, ${name(plan.region, 40)}`,
    ...(plan.steps ? [`Steps: ${plan.steps.map(({ tool }) => name(tool, 80)).join(', ')}`] : []),
    `Asked by: agent ${name(plan.agent, 80)}, for ${operatorText(plan, 80)}`,
    `Until: ${plan.expires_at}`,
  ];
}
