import { join } from 'node:path';
import { verify } from '../../src/commands/verify.ts';
import { begunName } from '../../src/executor/steps.ts';
import { expectedOf } from '../executor/every-fault.ts';
import { events, type LoggedEvent } from '../scenes/state.ts';
import { STEP_MS } from './kind.ts';
import { snapshotsIn } from './kinds/storage.ts';
import { isItsOwn, madeFor, namesIn, notedIn, wrongKits } from './own.ts';
import { type Asked, changeIn, changeSetOf, isWanted } from './wanted.ts';
import type { Carried, World } from './world.ts';

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
  /** Tickets that ended because their executor, which nobody killed, got nothing of the machine before it sent them. */
  readonly starved: number;
  /** Kits that no ticket names, whole and in part: what a crash leaves behind before anything began. */
  readonly orphans: { readonly kits: number; readonly parts: number };
  /** Change sets of tickets that ended as `unknown`: they stay while they may be under way. */
  readonly keptChangeSets: number;
}

/** What the cloud and the log know of one ticket. */
interface Story {
  readonly ticket: Carried;
  readonly state: string;
  /** By request of the change, in order: each time that AWS had just this. */
  readonly asked: readonly (readonly Asked[])[];
  readonly sent: readonly number[];
  /** How often it is so at AWS. */
  readonly happened: number;
  /** Of each volume that must not go without one: how many snapshots there are. */
  readonly snapshots: readonly number[];
  /** It was sent while AWS was still taking one of them. */
  readonly early: boolean;
  /** Does its plan say that there is a way back? */
  readonly promised: boolean;
  readonly entries: readonly LoggedEvent[];
}

const countOf = <T>(all: readonly T[], is: (one: T) => boolean) => all.filter(is).length;

/** The cloud's own record of requests and effects, against what is said of each ticket. */
export async function judge(world: World): Promise<Verdict> {
  const { kind, place, there, tickets, rows } = world;
  const actionsOf = ({ subject }: Carried) => subject.actions ?? kind.actions;
  const ours = (await there.cloud.requests()).flatMap((one) => changeIn(one) ?? []);
  const effects = await kind.happened?.(
    there,
    tickets.map(({ subject }) => subject),
  );
  const log = events(place);
  const stored = new Map(
    rows<{ id: string; state: string; plan: string }>('SELECT id, state, plan FROM ticket').map((row) => [row.id, row]),
  );
  const stateOf = (id: string) => stored.get(id)?.state ?? 'gone';
  const noted = notedIn(world);
  const kits = namesIn(join(place.home, 'kits'));
  const made = await madeFor(world);
  const completed = tickets.some(({ subject }) => subject.volumes)
    ? (await snapshotsIn(there)).filter(({ State }) => State === 'completed')
    : [];

  const stories = tickets.map((ticket, n): Story => {
    const { volumes = [] } = ticket.subject;
    const requests = actionsOf(ticket).map((action, step) => ours.filter((one) => isWanted(one, ticket, action, step)));
    const last = Math.min(...(requests.at(-1) ?? []).map(({ at }) => Date.parse(at)));
    const taken = volumes.map((volume) => completed.filter(({ VolumeId }) => VolumeId === volume));
    const sent = requests.map(({ length }) => length);
    return {
      ...{ ticket, asked: requests, sent, state: stateOf(ticket.id) },
      happened: effects?.[n] ?? sent[0] ?? 0,
      snapshots: taken.map(({ length }) => length),
      early: taken.flat().some(({ StartTime = 0 }) => last < Number(StartTime) + (kind.latencyMs ?? STEP_MS)),
      promised: JSON.parse(stored.get(ticket.id)?.plan ?? '{}').undo !== undefined,
      entries: log.filter((entry) => entry.ticket === ticket.id),
    };
  });
  const findings: Finding[] = [];
  for (const story of stories) {
    const { ticket, entries } = story;
    const tool = ticket.subject.tool ?? kind.tool;
    const untrue = [
      ...besides(story, tool, noted),
      ...notItsOwn(story, made.get(ticket.id)),
      ...(await wrongKits(world, ticket, entries)),
    ];
    findings.push(
      ...[...faultsOf(story, tool), ...untrue.map((why) => ({ fault: 'untruthful' as const, why }))].map((one) => {
        return { ...one, ticket: ticket.id };
      }),
    );
  }
  findings.push(...ofNoTicket(world, stories, ours), ...changeSets(stories, ours));
  const left = rows<{ ticket: string }>('SELECT ticket FROM residue').map(({ ticket }) => ticket);
  for (const ticket of left) {
    if (stateOf(ticket) !== 'unknown')
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
    starved: countOf(stories, isStarved),
    orphans: {
      kits: countOf(kits, (name) => name.endsWith('.age') && !named.has(name.slice(0, -4))),
      parts: countOf(kits, (name) => name.endsWith('.part')),
    },
    keptChangeSets: countOf(left, (ticket) => stateOf(ticket) === 'unknown'),
  };
}

/** What was asked of AWS that is no ticket's: of something else, with other parameters, or besides. */
function ofNoTicket({ kind, tickets, subjects }: World, stories: readonly Story[], ours: readonly Asked[]): Finding[] {
  const known = new Set(stories.flatMap(({ asked: its }) => its.flat()));
  const first = kind.ask ? subjects.map((subject) => ({ id: '', subject })) : [];
  return ours
    .filter((one) => !known.has(one) && !tickets.some(({ id }) => isPlanning(one, id)))
    .filter((one) => !first.some((it) => it.subject.actions?.some((action, step) => isWanted(one, it, action, step))))
    .map(({ action, region, parameters }) => {
      const text = JSON.stringify(parameters);
      const { id = '' } = tickets.find(({ subject }) => text.includes(subject.mark)) ?? {};
      return { fault: 'double', why: `a request that no ticket is for: ${action} in ${region}: ${text}`, ticket: id };
    });
}

const nameIn = ({ parameters }: Asked) =>
  String(parameters.ChangeSetName).replace(/^arn:.*:changeSet\/([^/]*)\/.*$/, '$1');
/** Planning makes a change set, and a second one to look at that isn't kept. */
const isPlanning = (one: Asked, id: string) =>
  /^(Create|Delete)ChangeSet$/.test(one.action) && nameIn(one).replace(/-live$/, '') === changeSetOf(id);

/** What planning left is used, or removed once the ticket is settled, and not before. */
function changeSets(stories: readonly Story[], ours: readonly Asked[]): Finding[] {
  return stories.flatMap(({ ticket: { id }, state, sent }): Finding[] => {
    const is = (action: string) => ours.some((one) => one.action === action && nameIn(one) === changeSetOf(id));
    if (state === 'unknown' && is('DeleteChangeSet'))
      return [{ fault: 'untruthful', why: 'its change set was removed, and nobody knows of it', ticket: id }];
    if (OPEN.has(state) || state === 'unknown' || sent.includes(1) || !is('CreateChangeSet')) return [];
    return is('DeleteChangeSet') ? [] : [{ fault: 'stuck', why: 'its change set is still there', ticket: id }];
  });
}

/** AWS shows by a mark of its own that this very request arrived. */
const isMarked = (tool: string) => expectedOf(tool, 'drop_after') === 'succeeded';

const OPEN = new Set(['planning', 'pending', 'approved', 'executing']);

/** Its own executor says that its claim ran out between its intent and its request, which AWS never had. */
function isStarved({ state, sent, entries }: Story): boolean {
  const [begun, last] = [entries.findLast(({ detail }) => detail.intent), entries.at(-1)];
  const why = last?.detail.refusal?.message;
  return (
    state === 'failed' &&
    why === 'the executor lost its claim before it sent anything' &&
    begun?.actor === last?.actor &&
    sent[(begun?.detail.intent.step ?? 1) - 1] === 0
  );
}

/** What the cloud contradicts. */
function faultsOf(story: Story, tool: string): Finding[] {
  const { ticket, state, sent, happened, snapshots, early, entries } = story;
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
  if (early) say('lost', 'it went before all snapshots of its volumes were complete');
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

  const isLeftOver = !OPEN.has(state) && state !== 'succeeded' && state !== 'unknown';
  if (ticket.after === 0 && isLeftOver && !isStarved(story))
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

/** What is noted beside the database, and with what its requests went. */
function besides(
  { ticket, state, asked: requests, sent, happened, promised, entries }: Story,
  tool: string,
  noted: readonly string[],
): string[] {
  const wrong: string[] = [];
  const intents = entries.flatMap(({ detail }) => detail.intent ?? []);
  const wasAccepted = (name: string) => noted.includes(`${name} accepted`) && !noted.includes(`${name} doubted`);
  for (const [n, its] of requests.entries()) {
    const name = begunName(ticket.id, n + 1);
    const [first] = its;
    if (!first) continue;
    if (!noted.some((line) => line.startsWith(`${name} begun `))) wrong.push('keys/executed has no line of it');
    const token = intents.find(({ step = 1 }) => step === n + 1)?.token;
    if (first.tokens.some((one) => one !== token)) wrong.push(`${first.action} went with the token of another intent`);
    if (first.tickets.some((one) => one !== ticket.id))
      wrong.push(`${first.action} went in the name of another ticket`);
    const shows = isMarked(tool) || first.action.startsWith('CreateSnapshot');
    if (state === 'succeeded' && !shows && !wasAccepted(name))
      wrong.push(`${first.action} is said to have succeeded, and nobody had AWS's yes`);
  }
  if (state === 'unknown' && sent.length === 1 && wasAccepted(ticket.id) && happened > 0)
    wrong.push('it is so, and the note that AWS accepted it counts for nothing');
  if (promised && sent.at(-1) !== 0 && !intents.some(({ kit }) => kit))
    wrong.push('its plan says that there is a way back, and no kit was kept');
  return wrong;
}

/** What it says it changed or made, and another did. */
function notItsOwn({ ticket: { subject }, state, entries }: Story, made: ReadonlySet<string> | undefined): string[] {
  const told = entries.at(-1)?.detail.result as Told | undefined;
  if (state !== 'succeeded' || !told) return [];
  return told.resources
    .filter(({ resource }) => !isItsOwn(resource, subject, made))
    .map(({ resource }) => `it says ${resource}, which is not its own`);
}
