import { asStarted, INSTALLED_NAME } from '../../src/kernel/command-name.ts';
import type { PlanRecord } from '../../src/kernel/plan.ts';
import type { Rehearsed } from '../../src/kernel/rehearsal.ts';
import { type Lost, type Restores, restoreHint, tellsUndo, undoExists } from '../../src/kernel/undo.ts';
import { rehearsedWord } from './rehearsal.ts';
import { number, outside } from './words.ts';

const [MOST_LOST, MOST_NAMES] = [30, 20];

/**
 * How much of it could be brought back, or what it brings back itself, in few words and with what to call that; none
 * where nothing is destroyed.
 */
export function undoFact(
  plan: PlanRecord,
  { rehearsed }: { readonly rehearsed?: Rehearsed | undefined },
): readonly [label: string, text: string] | undefined {
  const { restores, undo } = plan;
  if (restores) return ['Restores', `${restores.ticket}${shortText(restores.lost, 0, ', ')}`];
  const word = rehearsedWord({ plan, rehearsed });
  if (!tellsUndo(plan)) return word === undefined ? undefined : ['Rehearsal', word];
  if (!undo)
    return [
      'Undo',
      `no: nothing of it is kept${plan.snapshot_first ? ' but snapshots, taken right before' : ''}${word === undefined ? '' : `; ${word}`}`,
    ];
  const but = shortText(undo.lost, undo.needs.length, ': ');
  const from = plan.snapshot_first ? ', from snapshots taken right before' : '';
  const how = `${word ?? 'from a recovery kit'}${from}`;
  return ['Undo', `${undoExists(plan).replace('_', ' ')}, ${how}${but}`];
}

/** Of one resource several things may be lost; it is counted once, as where it is said what can't be put back. */
function shortText(lost: readonly Lost[], needs: number, before: string): string {
  const resources = new Set(lost.map(({ resource }) => resource)).size;
  const parts = [
    ...(resources > 0 ? [`${number(resources)} not as ${resources === 1 ? 'it was' : 'they were'}`] : []),
    ...(needs > 0 ? [`${number(needs)} ${needs === 1 ? 'value' : 'values'} to be given`] : []),
  ];
  return parts.length === 0 ? '' : `${before}${parts.join(', ')}`;
}

export interface UndoText {
  readonly heading: string;
  readonly lines: readonly string[];
}

/**
 * What of it could be brought back, and how, and what this ticket itself brings back; each text safe.
 * @param command how this program was started, where that is typed again
 */
export function undoTexts(plan: PlanRecord, command = INSTALLED_NAME): readonly UndoText[] {
  const { undo, restores, ticket } = plan;
  const back = restores
    ? [
        {
          heading: `brings back what ${restores.ticket} changed, ${restores.part} of ${restores.of}`,
          lines: [
            `It is decided as ${restores.environment} at least, as what that ticket changed`,
            ...madeLines(restores),
            ...(restores.lost.length > 0 ? lostLines(restores.lost) : ['all of it comes back as it was']),
          ],
        },
      ]
    : [];
  const first = plan.snapshot_first
    ? [
        'Of each volume that goes a snapshot is taken right before. Where one is not complete in time, nothing is deleted.',
      ]
    : [];
  if (!undo) return first.length > 0 ? [...back, { heading: 'way back: no', lines: first }] : back;
  const calls = undo.by.length > 1 ? `, ${number(undo.by.length)} tickets one after the other` : '';
  const lines = [
    ...first,
    `Right before it runs, what it changes is kept. An agent asks for that again by ticket_restore${calls}; a person:`,
    // A line of its own: one that breaks within the ticket's id can't be typed.
    asStarted(restoreHint(ticket, undo), command),
    ...(undo.needs.length > 0
      ? [`Nobody can read ${namesText(undo.needs)}: who restores gives the values, as {"NAME": "VALUE"} in FILE.`]
      : []),
    ...lostLines(undo.lost),
  ];
  return [...back, { heading: `way back: ${undoExists(plan).replace('_', ' ')}`, lines }];
}

/** What it rests on, and whether it is the first of its kind. */
function madeLines({ made = [], before = [], part }: Restores): readonly string[] {
  return [
    ...made.map((one) => `It is about ${outside(one.id, 64)}, which ${one.ticket} made (part ${number(one.part)})`),
    ...(before.length > 0
      ? [`Part ${number(part)} was asked for before: ${before.join(', ')}. This is once more`]
      : []),
  ];
}

function namesText(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).map((name) => outside(name, 64));
  const left = names.length - shown.length;
  return left > 0 ? `${shown.join(', ')} and ${number(left)} more` : shown.join(', ');
}

function lostLines(lost: readonly Lost[]): readonly string[] {
  const shown = lost
    .slice(0, MOST_LOST)
    .map(({ resource, type, why }) => `Not: ${outside(type, 80)} ${outside(resource, 220)}: ${outside(why, 300)}`);
  const left = lost.length - shown.length;
  return left > 0 ? [...shown, `and ${number(left)} more: see them with --json`] : shown;
}
