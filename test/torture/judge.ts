import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { verify } from '../../src/commands/verify.ts';
import { begunName } from '../../src/executor/steps.ts';
import { expectedOf } from '../executor/every-fault.ts';
import { events, type LoggedEvent } from '../scenes/state.ts';
import type { Subject } from './kind.ts';
import { snapshotsIn } from './kinds/storage.ts';
import type { Carried, World } from './world.ts';

/** The credentials of the executors, and their role where they have one; everyone else in a world has others. */
const OUR_KEY = 'testing';
const OUR_ROLE = ':assumed-role/execute/';

export type Fault = 'double' | 'lost' | 'untruthful' | 'stuck' | 'spent' | 'log';
export const FAULTS: readonly Fault[] = ['double', 'lost', 'untruthful', 'stuck', 'spent', 'log'];

export interface Finding {
  readonly fault: Fault;
  readonly why: string;
  readonly ticket?: string;
}

/** What became of a world's tickets, and what is wrong with it. */
export interface Verdict {
  readonly findings: readonly Finding[];
  readonly states: Readonly<Record<string, number>>;
  /** Of the tickets that ended as `unknown`: whether AWS had their request. */
  readonly unknown: { readonly sent: number; readonly notSent: number };
  /** Kits that no ticket names, whole and in part: what a crash leaves behind before anything began. */
  readonly orphans: { readonly kits: number; readonly parts: number };
  /** Change sets of tickets that ended as `unknown`: they stay while they may be under way. */
  readonly keptChangeSets: number;
}

/** What the cloud and the log know of one ticket. */
interface Story {
  readonly ticket: Carried;
  readonly state: string;
  /** By request of the change, in order: how often AWS had it. */
  readonly sent: readonly number[];
  /** How often it is so at AWS. */
  readonly happened: number;
  /** Of each volume that must not go without one: how many snapshots there are. */
  readonly snapshots: readonly number[];
  readonly entries: readonly LoggedEvent[];
}

const countOf = <T>(all: readonly T[], is: (one: T) => boolean) => all.filter(is).length;

/** A request as AWS had it. */
interface Asked {
  readonly action: string;
  readonly text: string;
  /** The session's ARN, where it was one. */
  readonly by: string;
}

const isIn = ({ by }: Asked, { account }: Subject) => account === undefined || by.includes(`:${account}:`);
const isAbout = (one: Asked, { subject }: Carried) => {
  const { mark, marks = [mark] } = subject;
  return isIn(one, subject) && marks.some((text) => one.text.includes(text));
};

/** The cloud's own record of requests and effects, against what is said of each ticket. */
export async function judge(world: World): Promise<Verdict> {
  const { kind, place, there, tickets, rows } = world;
  const actionsOf = ({ subject }: Carried) => subject.actions ?? kind.actions;
  const ours = (await there.cloud.requests()).filter(
    ({ user_identity: by }) => by?.accessKeyId === OUR_KEY || by?.arn?.includes(OUR_ROLE),
  );
  const asked = ours
    .filter(({ action }) => kind.actions.includes(action))
    .map(({ action, parameters, user_identity: by }): Asked => {
      return { action, text: JSON.stringify(parameters), by: by?.arn ?? '' };
    });
  const effects = await kind.happened?.(
    there,
    tickets.map(({ subject }) => subject),
  );
  const log = events(place);
  const stateOf = new Map(
    rows<{ id: string; state: string }>('SELECT id, state FROM ticket').map(({ id, state }) => [id, state]),
  );
  const begun = existsSync(join(place.home, 'keys', 'executed'))
    ? readFileSync(join(place.home, 'keys', 'executed'), 'utf8').split('\n')
    : [];
  const kits = namesIn(join(place.home, 'kits'));
  const completed = tickets.some(({ subject }) => subject.volumes) ? await snapshotsIn(there) : [];
  const snapshotsOf = (volume: string) =>
    countOf(completed, ({ VolumeId, State }) => VolumeId === volume && State === 'completed');

  const stories = tickets.map((ticket, n): Story => {
    const { mark, marks = [], volumes = [] } = ticket.subject;
    const sent = actionsOf(ticket).map((action, step) =>
      countOf(
        asked,
        (one) => one.action === action && isIn(one, ticket.subject) && one.text.includes(marks[step] ?? mark),
      ),
    );
    return {
      ...{ ticket, sent, state: stateOf.get(ticket.id) ?? 'gone' },
      happened: effects?.[n] ?? sent[0] ?? 0,
      snapshots: volumes.map(snapshotsOf),
      entries: log.filter((entry) => entry.ticket === ticket.id),
    };
  });
  const findings = stories.flatMap((story) => [
    ...faultsOf(story, story.ticket.subject.tool ?? kind.tool).map((one) => ({ ...one, ticket: story.ticket.id })),
    ...besides(story, begun, kits).map((why) => ({ fault: 'untruthful' as const, why, ticket: story.ticket.id })),
  ]);
  const others = asked.filter(
    (one) => !tickets.some((ticket) => actionsOf(ticket).includes(one.action) && isAbout(one, ticket)),
  );
  if (others.length > 0)
    findings.push({ fault: 'double', why: `a request of no ticket: ${others[0]?.text}`, ticket: '' });
  const left = rows<{ ticket: string }>('SELECT ticket FROM residue').map(({ ticket }) => ticket);
  for (const ticket of left) {
    if (stateOf.get(ticket) !== 'unknown')
      findings.push({ fault: 'stuck', why: 'what planning left is still there', ticket });
  }
  const named = new Set(log.flatMap(({ detail }) => detail.intent?.kit?.sha256 ?? []));
  const { exit, text } = await verify({ env: place.env, sandbox: false });
  const unknown = stories.filter(({ state }) => state === 'unknown');
  return {
    findings: exit === 0 ? findings : [...findings, { fault: 'log', why: text }],
    states: Object.fromEntries(
      [...new Set(stories.map(({ state }) => state))].map((state) => [
        state,
        countOf(stories, (one) => one.state === state),
      ]),
    ),
    unknown: {
      sent: countOf(unknown, ({ sent }) => sent.at(-1) === 1),
      notSent: countOf(unknown, ({ sent }) => sent.at(-1) === 0),
    },
    orphans: {
      kits: countOf(kits, (name) => name.endsWith('.age') && !named.has(name.slice(0, -4))),
      parts: countOf(kits, (name) => name.endsWith('.part')),
    },
    keptChangeSets: countOf(left, (ticket) => stateOf.get(ticket) === 'unknown'),
  };
}

/** AWS shows by a mark of its own that this very request arrived. */
const isMarked = (tool: string) => expectedOf(tool, 'drop_after') === 'succeeded';

const OPEN = new Set(['planning', 'pending', 'approved', 'executing']);

/** What the cloud contradicts. */
function faultsOf({ ticket, state, sent, happened, snapshots, entries }: Story, tool: string): Finding[] {
  const found: Finding[] = [];
  const say = (fault: Fault, why: string) => void found.push({ fault, why: `${state}: ${why}` });
  const any = sent.some((count) => count > 0);
  const all = sent.every((count) => count > 0);
  const begun = countOf(entries, ({ type }) => type === 'ticket.executing');
  const steps = entries.flatMap(({ type, detail }) => (type === 'execution.step' ? [detail.intent.step] : []));

  if (sent.some((count) => count > 1)) say('double', `AWS had its requests ${sent.join(', ')} times`);
  if (happened > 1) say('double', `it is there ${happened} times`);
  if (snapshots.some((count) => count > 1)) say('double', `of its volumes there are ${snapshots.join(', ')} snapshots`);
  if (happened > 0 && snapshots.includes(0)) say('lost', 'it went, and of one of its volumes there is no snapshot');
  if (begun > 1 || new Set(steps).size < steps.length) say('double', 'it was begun twice');
  if (any && begun === 0) say('untruthful', 'it was sent and the log knows nothing of it');

  if (OPEN.has(state)) say('stuck', 'it never ended');
  else if (state === 'succeeded') {
    if (!all || happened === 0) say('lost', `AWS had its requests ${sent.join(', ')} times, and it is not so`);
  } else if (state === 'unknown') {
    if (begun === 0) say('untruthful', 'nothing of it had begun');
    if (ticket.after === 0) say('spent', 'nobody was killed after it had begun');
    if (happened > 0 && isMarked(tool)) say('untruthful', 'AWS shows that its request arrived');
  } else if (state === 'failed' && sent.length > 1) {
    if (all && happened > 0) say('lost', 'it happened');
  } else if (any || happened > 0) say('lost', `AWS had its requests ${sent.join(', ')} times`);

  if (ticket.after === 0 && !OPEN.has(state) && state !== 'succeeded' && state !== 'unknown')
    say('spent', `killed ${ticket.before} times, each time before it had begun`);
  for (const why of contradicted(entries.at(-1), sent, happened)) say('untruthful', why);
  return found;
}

interface Told {
  readonly detail: string;
  readonly resources: readonly { readonly resource: string; readonly outcome: string }[];
  readonly steps?: readonly { readonly action: string; readonly outcome: string }[];
}

/** What the newest entry says of what AWS knows otherwise. */
function contradicted(entry: LoggedEvent | undefined, sent: readonly number[], happened: number): string[] {
  const told = entry?.detail.result as Told | undefined;
  if (!told) return [];
  const wrong: string[] = [];
  for (const { resource, outcome } of told.resources) {
    if (outcome === 'succeeded' && happened === 0 && sent.length === 1)
      wrong.push(`${resource} is said to have succeeded`);
  }
  for (const [n, { action, outcome }] of (told.steps ?? []).entries()) {
    if (outcome === 'succeeded' && sent[n] !== 1) wrong.push(`${action} is said to have succeeded`);
    if (outcome === 'not_sent' && sent[n] !== 0) wrong.push(`${action} is said not to have been sent`);
  }
  if (told.detail.startsWith('AWS accepted') && sent.every((count) => count === 0))
    wrong.push('AWS is said to have accepted it');
  return wrong;
}

/** What is kept beside the database. */
function besides(
  { ticket, state, sent, happened, entries }: Story,
  begun: readonly string[],
  kits: readonly string[],
): string[] {
  const wrong: string[] = [];
  for (const [n, count] of sent.entries()) {
    if (count > 0 && !begun.some((line) => line.startsWith(`${begunName(ticket.id, n + 1)} begun `)))
      wrong.push('keys/executed has no line of it');
  }
  const accepted = begun.includes(`${ticket.id} accepted`) && !begun.includes(`${ticket.id} doubted`);
  if (state === 'unknown' && sent.length === 1 && accepted && happened > 0)
    wrong.push('it is so, and the note that AWS accepted it counts for nothing');
  for (const { detail } of entries) {
    const kit = detail.intent?.kit?.sha256;
    if (kit !== undefined && !kits.includes(`${kit}.age`)) wrong.push('its recovery kit is not there');
  }
  return wrong;
}

function namesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
