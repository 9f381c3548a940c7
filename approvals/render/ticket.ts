import { isOperator } from '../../src/kernel/bindings.ts';
import { countsText } from '../../src/kernel/effect-counts.ts';
import { isDestructive } from '../../src/kernel/effects.ts';
import { identityText, operatorText } from '../../src/kernel/identity.ts';
import type { PlanRecord } from '../../src/kernel/plan.ts';
import type { Target } from '../../src/kernel/target.ts';
import { requirementText } from '../../src/policy/requirement-text.ts';
import { hanging, wrap } from '../../src/present/wrap.ts';
import type { Assessment } from '../tickets/assess.ts';
import { glassText } from './glass.ts';
import { goesOnText } from './goes-on.ts';
import { impactLines } from './impact.ts';
import { field, heading, marked, type Paint, PLAIN, usableWidth } from './layout.ts';
import { rehearsalTexts } from './rehearsal.ts';
import { BETWEEN_STEPS, stepLines, stepsText } from './steps.ts';
import { type UndoText, undoFact, undoTexts } from './undo.ts';
import {
  actionText,
  calledText,
  durationText,
  impactSentence,
  nameText,
  number,
  outside,
  quoted,
  recreationText,
  timeText,
  whenText,
} from './words.ts';

export interface View {
  /** Columns. */
  readonly width: number;
  readonly now: Date;
  readonly paint?: Paint | undefined;
  /** How many lines of impact to show at most; the others are counted. */
  readonly impact?: number | undefined;
  /** How this program was started, where its commands are typed again. */
  readonly command?: string | undefined;
}

/**
 * A ticket as the approver reads it: what, where, to which resources, for whom, until when, on the first screen
 * whatever the rest holds; then impact, what planning recorded, and last what the agent says. Every word from outside
 * is safe text.
 */
export function ticketText(assessment: Assessment, view: View): string {
  const width = usableWidth(view.width);
  const paint = view.paint ?? PLAIN;
  const { plan } = assessment;
  const lines = [
    ...factLines(assessment, view.now, width, paint),
    '',
    heading(`what would happen (${number(plan.impact.length)})`, width, paint),
    ...impactLines(plan.impact, view.impact ?? 20, width, paint),
    ...stepSection(plan, width, paint),
    ...sections(undoTexts(plan, view.command), width, paint),
    ...sections(rehearsalTexts({ plan, rehearsed: assessment.ticket.rehearsed }), width, paint),
    ...(plan.targets.length > 2 ? targetLines(plan.targets, width, paint) : []),
    '',
    heading('recorded by planning', width, paint),
    ...recordLines(plan, width),
    '',
    heading('what the agent says (its own words, not checked, decides nothing)', width, paint),
    ...marked('| ', quoted(plan.reason, 2000), width),
  ];
  return lines.map((line) => line.trimEnd()).join('\n');
}

/** Only what is on the first screen, for where there is no room for more. */
export function firstScreenText(assessment: Assessment, view: View): string {
  const lines = factLines(assessment, view.now, usableWidth(view.width), view.paint ?? PLAIN);
  return lines.map((line) => line.trimEnd()).join('\n');
}

/**
 * The first screen. Down to what it needs it is at most 24 lines of 80 columns whatever the names and numbers are, so
 * that nothing from outside can push a decisive fact off it; down to the digest, so few that a form's own lines still
 * go above it.
 */
function factLines(assessment: Assessment, now: Date, width: number, paint: Paint): readonly string[] {
  const { plan, ticket, digest } = assessment;
  const fact = (label: string, value: string, how?: (text: string) => string) => field(label, value, width, how);
  return [
    ...titleLines(assessment, now, width, paint),
    ...verdictLines(plan, width, paint),
    '',
    ...firstTargets(plan.targets, width, paint),
    ...circumstanceLines(assessment, width, paint),
    ...glassLines(assessment, width, paint),
    ...fact(
      'Where',
      `${plan.environment}, account ${outside(plan.account, 12)}${calledText(plan)}, ${outside(plan.region, 16)}`,
    ),
    ...fact('Effects', effectsText(plan)),
    ...undoLine(assessment, width),
    ...fact('Digest', digest),
    ...fact('Asked by', `agent ${nameText(plan.agent, 16)}, for ${operatorText(plan, 16)}`),
    ...fact('Needs', needsText(assessment)),
    ...fact('Ticket', ticket.id),
    ...fact('Until', timeText(plan.expires_at)),
    ...fact('Decisions', decisionsText(assessment)),
    ...assessment.warnings.flatMap((warning) => fact('Mind', outside(warning, 200), paint.caution)),
  ];
}

/** The environment, the action, and how long there is to decide: the first words that are read. */
function titleLines(assessment: Assessment, now: Date, width: number, paint: Paint): readonly string[] {
  const { plan } = assessment;
  const state = shortState(assessment, now);
  const length = plan.environment.length + 2 + actionText(plan).length;
  const gap = width - length - state.length;
  const title = titleText(plan, paint);
  return gap < 2 ? [title, state] : [`${title}${' '.repeat(gap)}${state}`];
}

/** The environment and the action. */
export function titleText(plan: PlanRecord, paint: Paint): string {
  const environment = plan.environment === 'production' ? paint.danger : paint.strong;
  return `${environment(plan.environment.toUpperCase())}  ${paint.strong(actionText(plan))}`;
}

export function verdictLines(plan: PlanRecord, width: number, paint: Paint): readonly string[] {
  return wrap(impactSentence(plan), width).map(plan.effects.some(isDestructive) ? paint.danger : paint.strong);
}

/**
 * Says that it is the second half of deleting and recreating, and that a freeze holds now: nobody should have to infer
 * either.
 */
function circumstanceLines({ plan, freeze }: Assessment, width: number, paint: Paint): readonly string[] {
  const { deletion } = plan.circumstances;
  const [first = '', ...others] = freeze.names;
  const names = others.length > 0 ? `${first} +${number(others.length)}` : first;
  return [
    ...(deletion ? field('Recreates', recreationText(deletion), width, paint.danger) : []),
    ...(freeze.active ? field('Freeze', `${names} until ${timeText(freeze.until)}`, width, paint.danger) : []),
  ];
}

/** Says that someone decided alone. It is short, so that it pushes nothing off the first screen. */
function glassLines(assessment: Assessment, width: number, paint: Paint): readonly string[] {
  const text = glassText(assessment);
  return text === undefined ? [] : field('GLASS BROKEN', text, width, paint.danger);
}

const TARGET_LINES = 7;

/** Shows as many targets as there is room for, at least one. */
function firstTargets(targets: readonly Target[], width: number, paint: Paint): readonly string[] {
  const label = targets.length === 1 ? 'Target' : 'Targets';
  if (targets.length === 0) return field(label, 'none that planning could name', width, paint.caution);
  const lines: string[] = [];
  let shown = 0;
  for (const { name, id } of targets) {
    const next = [
      ...field(shown === 0 ? label : '', nameText(name, 128), width, paint.strong),
      ...(id === name ? [] : field('', outside(id, 225), width)),
    ];
    if (shown > 0 && lines.length + next.length > TARGET_LINES) break;
    lines.push(...next);
    shown++;
  }
  const more = targets.length - shown;
  return more > 0 ? [...lines, ...field('', `and ${number(more)} more, listed below`, width, paint.caution)] : lines;
}

export function effectsText({ impact, effects }: PlanRecord): string {
  if (impact.length === 0) return effects.join(', ');
  return countsText(impact);
}

export function needsText({ requirement, missing, state }: Assessment): string {
  const asked = requirementText(requirement);
  return missing && state === 'pending' && missing !== asked ? `${asked}; still: ${missing}` : asked;
}

export function decisionsText({ counted, operators }: Assessment): string {
  const approvals = counted.approvals.map((approval) => {
    const solo = isOperator(approval, { ...operators, anyone: false }) ? ', for whom the agent works' : '';
    const alone = counted.glass.some(({ person }) => person === approval.person) ? ', breaking the glass' : '';
    return `approved by ${approval.person} (${approval.assurance}${solo}${alone})`;
  });
  const all = [...counted.denials.map(({ by }) => `denied by ${by}`), ...approvals];
  if (all.length === 0) return 'none yet';
  return all.length > 3 ? `${all.slice(0, 3).join(', ')} and ${all.length - 3} more` : all.join(', ');
}

function shortState({ state, plan, ticket }: Assessment, now: Date): string {
  const left = Date.parse(plan.expires_at) - now.getTime();
  if (state === 'pending' || state === 'approved') return `${state}, expires in ${durationText(left)}`;
  return `${state}${whenText(ticket)}`;
}

/** The requests, where the change takes several. */
function stepSection(plan: PlanRecord, width: number, paint: Paint): readonly string[] {
  const text = stepsText(plan);
  if (text === undefined) return [];
  return [
    '',
    heading(text, width, paint),
    ...stepLines(plan).flatMap((line) => hanging(`  ${line}`, width)),
    ...marked('  ', BETWEEN_STEPS, width),
  ];
}

/** How much of it could be taken back, on one line. */
function undoLine({ plan, ticket }: Assessment, width: number): readonly string[] {
  const fact = undoFact(plan, ticket);
  return fact ? field(...fact, width) : [];
}

/** What could be brought back, what this brings back, and what came of rehearsals. */
function sections(texts: readonly UndoText[], width: number, paint: Paint): readonly string[] {
  return texts.flatMap(({ heading: title, lines }) => [
    '',
    heading(title, width, paint),
    ...lines.flatMap((line) => hanging(`  ${line}`, width)),
  ]);
}

/** All the targets, where the first screen had no room for them; of very many, how many more there are. */
function targetLines(targets: readonly Target[], width: number, paint: Paint): readonly string[] {
  const listed = targets.slice(0, 100);
  const left = targets.length - listed.length;
  return [
    '',
    heading(`all targets (${number(targets.length)})`, width, paint),
    ...listed.flatMap(({ name, id }) =>
      marked('  ', name === id ? nameText(name, 80) : `${nameText(name, 80)} ${outside(id, 220)}`, width),
    ),
    ...(left > 0 ? [`  ${number(left)} more: see them with --json`] : []),
  ];
}

function recordLines(plan: PlanRecord, width: number): readonly string[] {
  const entries = Object.entries(plan.arguments).map(([key, value]) => [outside(key, 40), value] as const);
  const listed = entries.slice(0, 20);
  const room = Math.min(26, width - 20, Math.max(11, ...listed.map(([key]) => key.length)) + 2);
  const line = (label: string, value: string) => field(label, value, width, undefined, room);
  return [
    ...line('summary', outside(plan.summary, 300)),
    ...listed.flatMap(([key, value]) => {
      const text = outside(JSON.stringify(value) ?? 'null', 200);
      return key.length < room ? line(key, text) : [...wrap(key, width), ...line('', text)];
    }),
    ...(entries.length > listed.length
      ? [`${entries.length - listed.length} more arguments: see them with --json`]
      : []),
    ...(plan.made ? line(plan.made.what, outside(plan.made.id, 220)) : []),
    ...(plan.identity ? line('login', identityText(plan.identity)) : []),
    ...(plan.goes_on ? line('done as', goesOnText(plan.goes_on)) : []),
    ...line('planned as', outside(plan.caller_arn, 220)),
    ...line('planned at', `${timeText(plan.created_at)}, by ${outside(plan.software, 60)}`),
  ];
}
