import { activeAdmins } from '../../src/kernel/approvers.ts';
import { type Assurance, isWeaker } from '../../src/kernel/requirement.ts';
import { readPasskey } from '../../src/kernel/webauthn.ts';
import { hanging } from '../../src/present/wrap.ts';
import type { Assessment } from './assess.ts';

/** How well an approval must prove a person now: the stronger of what the plan promised and what policy asks today. */
export function neededProof({ requirement, today }: Pick<Assessment, 'requirement' | 'today'>): Assurance {
  return today && isWeaker(requirement.assurance, today.assurance) ? today.assurance : requirement.assurance;
}

/**
 * How this person goes on when an answer proved less than is needed: with the stronger key that they have, or by
 * getting one. The whole way is in it, because nobody gets to a passkey by themselves: an admin has to enroll it.
 */
export function wayToProve(
  needed: Assurance,
  person: string,
  { ticket, enrolled }: Pick<Assessment, 'ticket' | 'enrolled'>,
) {
  if (!isWeaker('key', needed)) return `in a terminal of your own: holdshort approve ${ticket.id}`;
  const able = [...enrolled.registry.keys.values()].filter(
    (key) => key.name === person && !key.revokedAt && !isWeaker(key.maxAssurance, needed),
  );
  const page = 'run `holdshort web` and open the first address that it prints';
  const origins = able.flatMap(({ publicKey }) => readPasskey(publicKey)?.origin ?? []);
  if (origins.length > 0)
    return `decide with your passkey on the approval page: ${page} (it works only at ${[...new Set(origins)].slice(0, 3).join(' or ')}, where it was registered; if it is lost or the page has moved: docs/approving.md, "The way back")`;
  if (able.length > 0)
    return `sign with your security key: holdshort approve ${ticket.id} --ssh FILE. It must ask for its PIN or fingerprint (made with -O verify-required); if it only asks for a touch, register a passkey: holdshort web`;
  const admins = [...new Set(activeAdmins(enrolled.registry).map(({ name }) => name))];
  const hardware = needed === 'hardware' ? ' (one whose maker web.attestation_roots names)' : '';
  return [
    `get a passkey${hardware}: run \`holdshort web\`, open the second address that it prints and register one as ${person}`,
    `let an admin (${admins.slice(0, 5).join(', ') || 'nobody is one yet'}) enroll it: holdshort approvers enroll ${person} --key FINGERPRINT`,
    'then decide on that page',
  ].join('; ');
}

/**
 * The note beside how to decide. Where nobody can decide, it says what it takes. Where a key file isn't enough, it
 * tells those who have no more how to get it.
 */
export function proofNote(
  assessment: Pick<Assessment, 'requirement' | 'today' | 'shortage'>,
  width: number,
): readonly string[] {
  const { shortage } = assessment;
  const more = isWeaker('key', neededProof(assessment)) ? ['A key file is not enough to approve this.'] : [];
  if (shortage)
    return [
      ...more,
      ...hanging(`Nobody can approve it as things are: ${shortage.cause}. What it takes:`, width),
      ...shortage.steps.flatMap((step) => stepLines(step, width)),
    ];
  if (more.length === 0) return [];
  return [
    `${more.join(' ')} Who has no passkey yet:`,
    '  holdshort web                                      register one at the second address',
    '  holdshort approvers enroll NAME --key SHA256:...   an admin enrolls it',
  ];
}

/** `what to do: holdshort …`, with the command in a line of its own, whole, to be copied. */
function stepLines(step: string, width: number): readonly string[] {
  const [what = '', words] = step.split(': holdshort ');
  if (words === undefined) return hanging(`  ${step}`, width);
  return [...hanging(`  ${what}:`, width), `    holdshort ${words}`];
}
