import { z } from 'zod';
import { digestOf, stableJson } from '../kernel/digest.ts';
import { Identity } from '../kernel/identity.ts';
import { matchesPattern } from '../kernel/pattern.ts';
import { PersonName } from '../kernel/statement.ts';
import type { Verified } from './token.ts';

const ClaimName = z.string().regex(/^[\x21-\x7e]{1,200}$/, 'must be the name of a claim, as tokens have it');

/** What a token must say of itself. */
export const Match = z
  .record(ClaimName, z.string().min(1, 'must be a value, or a pattern like "kiro-*"').max(200))
  .refine((claims) => Object.keys(claims).length > 0, 'must name at least one claim')
  .describe('Claims and their values, all of which the token must have; * stands for any characters.');

export type Match = z.infer<typeof Match>;

/** One rule of `hub.agents`: which tokens are whose. */
export const HubAgent = z.strictObject({
  match: Match,
  agent: PersonName.refine((name) => name !== 'restore', "is the name of people's own restores").describe(
    "The agent's name in policy and log.",
  ),
  accounts: z
    .array(z.string())
    .min(1, 'must name at least one; leave it out for none')
    .max(200)
    .optional()
    .describe('The accounts that it may ask about, by id or name, where accounts are listed; left out: none.'),
});

export type HubAgent = z.infer<typeof HubAgent>;

/** Whose token it is. Who that person is, an admin signed: nothing that a claim calls them counts. */
export interface Person {
  readonly identity: Identity;
}

/** Who asks through a hub, as the token says; never as an argument says. */
export interface Caller extends Person {
  readonly agent: string;
  readonly session: string;
  /** The accounts that it may ask about, by id or name. */
  readonly accounts: readonly string[];
}

/** A value of a claim that is a list matches where one of its members does. */
export function isMatched(token: Verified, match: Match): boolean {
  return Object.entries(match).every(([claim, pattern]) =>
    valuesOf(token, claim).some((value) => matchesPattern(pattern, value)),
  );
}

/**
 * The first rule that matches decides; where none does, or the issuer's name for its person is none that can be bound,
 * it is nobody: undefined.
 */
export function callerOf(rules: readonly HubAgent[], token: Verified, now: number): Caller | undefined {
  const rule = rules.find(({ match }) => isMatched(token, match));
  const person = personOf(token);
  if (!rule || !person) return undefined;
  return { agent: rule.agent, ...person, session: sessionOf(token, now), accounts: rule.accounts ?? [] };
}

/** Undefined where the issuer's name for its person is none that can be bound. */
export function personOf({ issuer, subject }: Verified): Person | undefined {
  const identity = Identity.safeParse({ issuer, subject }).data;
  return identity && { identity };
}

function valuesOf({ claims }: Verified, claim: string): readonly string[] {
  // A claim is the token's own, not what every object has.
  const value = Object.hasOwn(claims, claim) ? claims[claim] : undefined;
  return (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string');
}

const HOUR_MS = 3_600_000;

/**
 * What a person is shown as read before a ticket was asked for is what the same session read. It is the issuer's
 * session, or this token's; where the token has neither, the person and client within an hour. Bound to the person:
 * nobody gets into another's session with a `sid` of the same text.
 */
function sessionOf({ issuer, subject, claims }: Verified, now: number): string {
  const own = (claim: string) => (typeof claims[claim] === 'string' ? { [claim]: claims[claim] as string } : undefined);
  const client = own('client_id') ?? own('azp') ?? {};
  const which = own('sid') ?? own('jti') ?? { hour: Math.floor(now / HOUR_MS) };
  return `ses_${digestOf('holdshort/hub-session/v1', stableJson({ issuer, subject, ...client, ...which })).slice(0, 16)}`;
}
