import { bindHint } from '../kernel/identity.ts';
import type { PlanRecord } from '../kernel/plan.ts';
import { ASSURANCES, type Requirement } from '../kernel/requirement.ts';
import type { Shortage } from '../kernel/shortage.ts';
import { requirementText } from './requirement-text.ts';

/** So many people are named; the others are counted. */
const MOST_NAMED = 5;

/** Why nobody can let this run as things are, and the way out: for people, and for agents to hand on. */
export interface ShortageText {
  /** The cause alone, where what is needed is beside it. */
  readonly cause: string;
  readonly message: string;
  /** One after the other; those that begin with "or" are other ways. */
  readonly steps: readonly string[];
  /** The same in one sentence. */
  readonly recovery: string;
}

type About = Pick<PlanRecord, 'tool' | 'operator' | 'identity' | 'environment'> & { readonly ticket: string };

export function shortageText(shortage: Shortage, about: About): ShortageText {
  const { why, asked } = shortage;
  const cause = causeOf(shortage, about);
  const steps =
    why === 'policy'
      ? [`look at what policy asks for: holdshort policy explain ${about.tool}`]
      : missing(shortage, about);
  const others = otherWays(shortage, about).map((way) => `or, ${way}`);
  return {
    cause,
    message: `it needs ${requirementText(asked)}; ${cause}`,
    steps: [...steps, ...others],
    recovery: [steps.join('; then '), ...others].join('; '),
  };
}

function causeOf({ why, asked, enrolled, may, able, without_login, issuer }: Shortage, { operator }: About): string {
  switch (why) {
    case 'nobody':
      return 'nobody is enrolled yet';
    case 'revoked':
      return 'no key is left that may approve: all that were enrolled are revoked';
    case 'operator':
      return enrolled.every((person) => person === operator)
        ? `the agent works for ${operator}, and nobody else is enrolled`
        : `the agent works for ${operator}, and all who are enrolled are of that team (${named(enrolled)})`;
    case 'unbound':
      return 'nobody can tell for whom the agent works, so that nobody counts as somebody else: the login with which it was asked was bound to nobody then, or is not any more';
    case 'proof': {
      const weak = may.filter((person) => !able.includes(person));
      const only = able.length === 0 ? 'nobody who may give it' : `only ${named(able)}`;
      return `${only} has such a key (without: ${named(weak)})`;
    }
    case 'login':
      return `approvals come with a login at ${issuer}, and none there is bound to ${named(without_login)}`;
    case 'people':
      return `only ${named(may)} may give ${asked.approvals === 1 ? 'it' : 'one'}`;
    case 'policy':
      return `policy asks for more than all who are enrolled could give (${named(enrolled)})`;
    default:
      return why satisfies never;
  }
}

/** Better keys for those who are there, then people who aren't yet. */
function missing(shortage: Shortage, { operator, identity }: About): readonly string[] {
  const { asked, may, able, why, left, without_login, issuer = '' } = shortage;
  if (left === 'none' && why !== 'nobody')
    return ['no admin is left who could enroll anybody; see who was one: holdshort approvers list'];
  if (why === 'unbound' && identity)
    return [`let an admin say whose login it is: ${bindHint(identity)}`, 'let the agent ask again'];
  const lacking = asked.approvals - able.length;
  const unbound = without_login.slice(0, lacking);
  const better = may
    .filter((person) => !able.includes(person) && !without_login.includes(person))
    .slice(0, lacking - unbound.length);
  const more = lacking - unbound.length - better.length;
  const who = more === 1 ? 'somebody' : `${more} people`;
  const other = asked.operator_may_approve ? '' : ` other than ${operator}`;
  return [
    ...unbound.map((person) => `let an admin bind it: ${bindHint({ issuer, subject: 'SUBJECT' }, person)}`),
    ...better.flatMap((person) =>
      isStrong(asked) ? passkey(person, shortage) : [`make a key for ${person}: holdshort approvers enroll ${person}`],
    ),
    ...(more > 0 ? [`enroll ${who}${other}: holdshort approvers enroll NAME`] : []),
    ...(more > 0 && isStrong(asked) ? passkey('NAME', shortage) : []),
  ];
}

function passkey(person: string, { asked, admin, left }: Shortage): readonly string[] {
  const maker = asked.assurance === 'hardware' ? ', of a maker that web.attestation_roots names' : '';
  return [
    `register a passkey as ${person}${maker}, at the second address of: holdshort web`,
    left === 'weaker'
      ? `as no admin has a passkey any more, the way back of one who lost theirs: holdshort approvers recover NAME --key SHA256:... --lost SHA256:... --reason TEXT`
      : admin === 'client' || admin === 'key'
        ? `enroll that, as an admin: holdshort approvers enroll ${person} --key SHA256:...`
        : 'let an admin enroll it there, with a passkey of their own',
  ];
}

function otherWays({ why, glass }: Shortage, { ticket, environment }: About): readonly string[] {
  return [
    ...(why === 'operator'
      ? ['where one person works alone, a policy that says so: docs/policy.md, "One person alone"']
      : []),
    ...(environment === 'production'
      ? [
          'where this is not production, a rule under "environments:" in config.yaml that says so; then the agent withdraws this, and asks again',
        ]
      : []),
    ...(glass.length > 0
      ? [`in an emergency, ${named(glass)} alone: holdshort approve ${ticket} --break-glass --reason TEXT`]
      : []),
  ];
}

function isStrong({ assurance }: Requirement): boolean {
  return ASSURANCES.indexOf(assurance) > ASSURANCES.indexOf('key');
}

function named(people: readonly string[]): string {
  const left = people.length - MOST_NAMED;
  const shown = people.slice(0, MOST_NAMED).join(', ');
  return left > 0 ? `${shown} and ${left} more` : shown;
}
