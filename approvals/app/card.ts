import { isDestructive } from '../../src/kernel/effects.ts';
import { identityText, operatorText } from '../../src/kernel/identity.ts';
import type { Impact } from '../../src/kernel/plan.ts';
import { typedHere } from '../desk.ts';
import { figuresOf } from '../render/figures.ts';
import { glassText } from '../render/glass.ts';
import { propertyLines } from '../render/impact.ts';
import { rehearsalTexts } from '../render/rehearsal.ts';
import { stepLines } from '../render/steps.ts';
import { decisionsText, needsText, ticketText } from '../render/ticket.ts';
import { undoFact } from '../render/undo.ts';
import {
  actionText,
  calledText,
  confirmationOf,
  DETAIL,
  effectCounts,
  impactSentence,
  nameText,
  number,
  outside,
  quoted,
  recreationText,
  timeText,
  worstFirst,
} from '../render/words.ts';
import type { Assessment } from '../tickets/assess.ts';
import type { Card, Deciding } from './shape.ts';

const MOST_IMPACT = 8;
const FIRST_TARGETS = 2;
const WIDTH = 78;

/** What the card is given for a ticket. */
export function cardOf(
  assessment: Assessment,
  view: { readonly now: Date; readonly deciding: Deciding | undefined; readonly page: string | undefined },
): Card {
  const { plan, ticket, digest, state } = assessment;
  const open = state === 'pending';
  return {
    at: view.now.toISOString(),
    ticket_id: ticket.id,
    state,
    environment: plan.environment,
    place: `account ${outside(plan.account, 12)}${calledText(plan)}, ${outside(plan.region, 16)}`,
    action: actionText(plan),
    verdict: impactSentence(plan),
    danger: plan.effects.some(isDestructive),
    figures: figuresOf(plan),
    facts: [
      ...targetFacts(assessment),
      ...circumstanceFacts(assessment),
      ...assessment.warnings.map((warning) => ['Mind', outside(warning, 200)] as const),
      ...(assessment.shortage
        ? [['It takes', typedHere(assessment, outside(assessment.shortage.recovery, 800))] as const]
        : []),
      ['Asked by', `agent ${nameText(plan.agent, 64)}, for ${operatorText(plan, 64)}`],
      ...(plan.identity ? [['Login', identityText(plan.identity)] as const] : []),
      ['Needs', needsText(assessment)],
      ['Decisions', decisionsText(assessment)],
      ['Until', timeText(plan.expires_at)],
      ...undoFacts(assessment),
      ...rehearsalFacts(assessment),
      ['Digest', digest],
      ...stepLines(plan).map((line) => ['Request', line] as const),
    ],
    impact: worstFirst(plan.impact).slice(0, MOST_IMPACT).map(impactRow),
    more: moreText(worstFirst(plan.impact).slice(MOST_IMPACT)),
    reason: quoted(plan.reason, 600),
    whole: ticketText(assessment, { width: WIDTH, now: view.now }),
    deciding: view.deciding,
    page: view.page,
    look: typedHere(assessment, `holdshort tickets show ${ticket.id}`),
    commands: open
      ? [`holdshort approve ${ticket.id}`, `holdshort deny ${ticket.id} --reason TEXT`].map((text) =>
          typedHere(assessment, text),
        )
      : [],
  };
}

/** How a person decides on the card, for a question that was issued. */
export function decidingOn(assessment: Assessment, question: string, person: string, approve: boolean): Deciding {
  return { question, person, confirm: confirmationOf(assessment.plan, assessment.digest).what, approve };
}

/** The card shows that and how it was rehearsed; what was found is in the whole. */
function rehearsalFacts({ plan, ticket }: Assessment): readonly (readonly [string, string])[] {
  const texts = rehearsalTexts({ plan, rehearsed: ticket.rehearsed });
  return texts.flatMap(({ heading, lines }) => [['Rehearsal', [heading, ...lines.slice(0, 2)].join('; ')] as const]);
}

function undoFacts({ plan, ticket }: Assessment): readonly (readonly [string, string])[] {
  const fact = undoFact(plan, ticket);
  return fact ? [fact] : [];
}

function targetFacts({ plan: { targets } }: Assessment): readonly (readonly [string, string])[] {
  if (targets.length === 0) return [['Target', 'none that planning could name']];
  const shown = targets
    .slice(0, FIRST_TARGETS)
    .map(({ name, id }) => [
      'Target',
      name === id ? nameText(name, 128) : `${nameText(name, 128)} ${outside(id, 225)}`,
    ]);
  const left = targets.length - shown.length;
  const more = left > 0 ? [['', `and ${number(left)} more, listed in the whole`] as const] : [];
  return [...shown.map(([label = '', text = '']) => [label, text] as const), ...more];
}

/**
 * What the first screen says elsewhere too: that this is the second half of deleting and recreating, and that a freeze
 * holds now.
 */
function circumstanceFacts(assessment: Assessment): readonly (readonly [string, string])[] {
  const { plan, freeze } = assessment;
  const { deletion } = plan.circumstances;
  const glass = glassText(assessment);
  return [
    ...(glass ? [['GLASS BROKEN', glass] as const] : []),
    ...(deletion ? [['Recreates', recreationText(deletion)] as const] : []),
    ...(freeze.active
      ? [['Freeze', `${outside(freeze.names.join(', '), 100)} until ${timeText(freeze.until)}`] as const]
      : []),
  ];
}

function impactRow(line: Impact): Card['impact'][number] {
  const { effect, resource, type, detail, recoverable } = line;
  const lost = !recoverable && isDestructive(effect) ? "can't be put back as it was" : '';
  return {
    effect,
    danger: isDestructive(effect),
    resource: nameText(resource, 160),
    type: outside(type, 60),
    detail: [lost, outside(detail, DETAIL)].filter((text) => text !== '').join('; '),
    properties: propertyLines(line),
  };
}

function moreText(left: readonly Impact[]): string | undefined {
  if (left.length === 0) return undefined;
  const counts = effectCounts(left).map(([effect, count]) => `${number(count)} ${effect}`);
  return `${number(left.length)} more: ${counts.join(', ')}`;
}
