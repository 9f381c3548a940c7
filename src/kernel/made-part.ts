import { z } from 'zod';
import type { Json } from './digest.ts';
import { HoldshortError } from './errors.ts';
import { isTerminal, type TicketId, type TicketState } from './ticket.ts';
import type { Restores } from './undo.ts';

/*
 * A later part of a way back may need the id of what an earlier one makes, which AWS gives only then. The reference
 * stands beside the call's arguments, not among them: of what others wrote, and a kit keeps, nothing can be one.
 */

export const MadeByPart = z.strictObject({
  /** Where in the arguments the id belongs; there is nothing there. */
  at: z
    .array(z.union([z.string().regex(/^[a-z][a-z_]{0,63}$/), z.int().nonnegative()]))
    .min(1)
    .max(4),
  part: z.int().positive(),
  /** The service and the kind of what is made, as ARNs name them: `SERVICE:KIND`. */
  kind: z.string().regex(/^[a-z0-9-]+:[a-z0-9-]+$/),
  /** An id of that kind's form which nothing has: whether a tool would take the rest is found out with it. */
  like: z.string().min(1),
});
export type MadeByPart = z.infer<typeof MadeByPart>;

interface Call {
  readonly arguments: Readonly<Record<string, Json>>;
  readonly made?: readonly MadeByPart[] | undefined;
}

/**
 * The call's arguments with the ids in their places.
 * @throws internal where a place isn't there, or isn't empty
 */
export function filled(call: Call, idOf: (made: MadeByPart) => string): Record<string, Json> {
  const whole = structuredClone(call.arguments) as Record<string, Json>;
  for (const made of call.made ?? []) {
    let inner: unknown = whole;
    for (const step of made.at.slice(0, -1))
      inner = Object.hasOwn(Object(inner), step) && Reflect.get(Object(inner), step);
    const last = made.at.at(-1);
    if (
      typeof inner !== 'object' ||
      inner === null ||
      Array.isArray(inner) ||
      typeof last !== 'string' ||
      last in inner
    )
      throw new HoldshortError(
        'internal',
        `nothing can be put at ${made.at.join('.')}`,
        'report this as a defect, and let a person do it by hand',
      );
    (inner as Record<string, Json>)[last] = idOf(made);
  }
  return whole;
}

/** A ticket that brings back a part of what another changed, as the log vouches for it. */
export interface Restoration {
  readonly id: TicketId;
  readonly state: TicketState;
  /** Where in the log it was opened. */
  readonly opened: number;
  readonly restores: Restores | undefined;
  readonly result: Json | undefined;
}

/** What was brought back, or may have been: a person who is asked for it once more should know. */
export const MAY_HAVE: ReadonlySet<TicketState> = new Set([
  'approved',
  'executing',
  'unknown',
  'resolved',
  'succeeded',
]);

interface Kitted {
  readonly ticket: string;
  readonly kit: string;
  readonly account: string;
  readonly region: string;
}

/** Of that part of that kit, newest first, by where the log says that they were opened. */
export function restorationsOf(
  part: number,
  { ticket, kit }: Pick<Kitted, 'ticket' | 'kit'>,
  all: readonly Restoration[],
): readonly Restoration[] {
  return all
    .filter(({ restores: of }) => of?.ticket === ticket && of.kit === kit && of.part === part)
    .sort((a, b) => b.opened - a.opened);
}

/**
 * What a part made, from AWS's answer to the newest ticket that brought back just that part of just this kit and
 * succeeded. The attacker wants a later part to be about another thing (production's data on a machine of its own): a
 * call that looks like the part but isn't asked for as one, a person's word on what happened, a ticket that is still
 * under way, and a thing that is made to look as if the ticket had made it, beside what it made, count for nothing.
 * @throws wrong_state where nothing, or not one thing alone, is known to be it
 */
export function madeBy(
  { part, kind }: MadeByPart,
  of: Kitted,
  all: readonly Restoration[],
): { readonly part: number; readonly ticket: TicketId; readonly id: string } {
  const tried = restorationsOf(part, of, all);
  const done = tried.find(({ state }) => state === 'succeeded');
  const noun = (kind.split(':')[1] ?? kind).replaceAll('-', ' ');
  if (!done) {
    const [last] = tried;
    throw new HoldshortError(
      'wrong_state',
      `it needs the id of the ${noun} that part ${part} makes, which ${last ? `${last.id} asks for: it is ${last.state}` : 'nothing has brought back'}`,
      nextOf(part, of.ticket, last),
    );
  }
  const ids = resourcesOf(done.result).flatMap(({ resource, outcome }) =>
    outcome === 'succeeded' ? (idIn(resource, kind, of) ?? []) : [],
  );
  const [id, ...more] = ids;
  if (id === undefined || more.length > 0)
    throw new HoldshortError(
      'wrong_state',
      `${done.id} brought back part ${part}, and does not tell of one ${noun} alone that it made`,
      'open the kit and go on by hand (docs/recovery.md)',
    );
  return { part, ticket: done.id, id };
}

function nextOf(part: number, ticket: string, last: Restoration | undefined): string {
  if (last?.state === 'unknown') return `let a person settle ${last.id}, which may have made it`;
  if (last?.state === 'resolved')
    return 'what it made is not known by AWS: open the kit and go on by hand (docs/recovery.md)';
  if (last && !isTerminal(last.state)) return `wait for ${last.id}, then ask again`;
  return `ask for part ${part} of ${ticket} first, and then again for this one`;
}

const Result = z.looseObject({ resources: z.array(z.looseObject({ resource: z.string(), outcome: z.string() })) });

function resourcesOf(result: Json | undefined) {
  const parsed = Result.safeParse(result);
  return parsed.success ? parsed.data.resources : [];
}

/** What an ARN of that kind, in the account and region of the kit, ends with. */
function idIn(arn: string, kind: string, { account, region }: Kitted): string | undefined {
  const [scheme, partition, service, place, owner, resource = '', ...more] = arn.split(':');
  const [noun, id, ...deeper] = resource.split('/');
  const fits = scheme === 'arn' && /^aws[a-z-]*$/.test(partition ?? '') && more.length + deeper.length === 0;
  return fits && place === region && owner === account && `${service}:${noun}` === kind && id ? id : undefined;
}
