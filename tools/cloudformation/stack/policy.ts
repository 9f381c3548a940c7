import { type Json, sha256, stableJson } from '../../../src/kernel/digest.ts';
import type { Impact } from '../../../src/kernel/plan.ts';
import { bounded } from '../../../src/kernel/safe-text.ts';
import { hideValue } from '../../ports/redaction.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_SetStackPolicy.html: StackPolicyBody */
const BODY_BYTES = 16_384;
const SHOWN = 6;

interface StackPolicy {
  /** Each as text that is the same for the same statement. */
  readonly statements: readonly string[];
  /** What is beside the statements. */
  readonly rest: string;
}

/** What is wrong with the text of a policy; undefined when nothing is. */
export function policyProblem(text: string): string | undefined {
  if (Buffer.byteLength(text) > BODY_BYTES) return `is longer than ${BODY_BYTES} bytes; shorten it`;
  return readPolicy(text)
    ? undefined
    : 'is not a stack policy: JSON with `Statement`, a list of objects with an `Effect`';
}

function readPolicy(text: string): StackPolicy | undefined {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof body !== 'object' || body === null || !('Statement' in body)) return undefined;
  const { Statement, ...rest } = body as { Statement: unknown };
  const statements = [Statement].flat();
  if (statements.length === 0 || !statements.every((one) => /^(Allow|Deny)$/.test(effectOf(one)))) return undefined;
  return { statements: statements.map((one) => stableJson(one as Json)), rest: stableJson(rest as Json) };
}

function effectOf(statement: unknown): string {
  return String((statement as { Effect?: unknown } | null)?.Effect);
}

export function samePolicy(a: string, b: string): boolean {
  const [one, other] = [readPolicy(a), readPolicy(b)];
  return (
    one !== undefined && other !== undefined && stableJson({ ...one } as Json) === stableJson({ ...other } as Json)
  );
}

/**
 * Does the new policy protect less? Only what adds nothing but denials surely doesn't; without a policy everything is
 * allowed, and any policy denies what it doesn't allow.
 * And does it deny updates that passed? Those who deploy the stack are locked out then: `disrupt`.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html
 */
export function policyImpact(stackId: string, before: string | undefined, after: string): readonly Impact[] {
  const wanted = readPolicy(after);
  const known = before === undefined ? undefined : readPolicy(before);
  const present = known?.statements ?? [];
  const added = withoutEach(wanted?.statements ?? [], present);
  const removed = withoutEach(present, wanted?.statements ?? []);
  const stricter =
    known !== undefined &&
    wanted !== undefined &&
    removed.length === 0 &&
    known.rest === wanted.rest &&
    added.every((statement) => effectOf(JSON.parse(statement)) === 'Deny');
  const weaker = before !== undefined && !stricter;
  const lacksAllow = !(wanted?.statements ?? []).some(allowsUpdates);
  const allowLost = known === undefined || removed.some((one) => effectOf(JSON.parse(one)) === 'Allow');
  const locksOut = added.some(deniesUpdates) || (lacksAllow && allowLost);
  const allowsNothing = !(wanted?.statements ?? []).some((one) => effectOf(JSON.parse(one)) === 'Allow');
  const texts = [
    before === undefined
      ? 'the first stack policy: updates of resources are denied from then on unless a statement allows them; it can be replaced but not taken away'
      : weaker
        ? 'replaces the stack policy: what the present one denies may be allowed'
        : 'adds denials to the stack policy',
    ...(locksOut ? [LOCKS_OUT] : []),
    ...(allowsNothing ? ['it allows nothing, so that every update of a resource fails'] : []),
    ...(before !== undefined && !known ? ['the present one can not be read'] : []),
    ...listed('goes', removed),
    ...listed('comes', added),
  ];
  const line = { resource: stackId, type: 'AWS::CloudFormation::Stack', recoverable: true };
  const detail = texts.join('; ');
  const disrupting: readonly Impact[] = weaker && locksOut ? [{ ...line, effect: 'disrupt', detail: LOCKS_OUT }] : [];
  return [{ ...line, effect: weaker ? 'weaken' : locksOut ? 'disrupt' : 'modify', detail }, ...disrupting];
}

const LOCKS_OUT = 'updates in place that pass now may fail from then on';

/** Does it let every update in place through? Anything more that it says may take some away. */
function allowsUpdates(statement: string): boolean {
  const { Sid: _, ...said } = JSON.parse(statement) as Record<string, unknown>;
  const { Effect, Principal, Resource, Action, ...more } = said;
  const allowed = [Action].flat().some((action) => action === 'Update:*' || action === 'Update:Modify');
  return Effect === 'Allow' && Principal === '*' && Resource === '*' && allowed && Object.keys(more).length === 0;
}

/** Only what keeps from a loss leaves updates in place alone: named one by one, resources can all be denied, too. */
function deniesUpdates(statement: string): boolean {
  const said = JSON.parse(statement) as Record<string, unknown>;
  const actions = [said.Action].flat();
  const keeps = actions.length > 0 && actions.every((one) => one === 'Update:Replace' || one === 'Update:Delete');
  return said.Effect === 'Deny' && !(keeps && said.NotAction === undefined);
}

function listed(verb: string, statements: readonly string[]): readonly string[] {
  const left = statements.length - SHOWN;
  const texts = statements
    .slice(0, SHOWN)
    .map((one) => `${verb}: ${bounded(hideValue('Statement', one), 300, sha256)}`);
  return left > 0 ? [...texts, `and ${left} more that ${verb}`] : texts;
}

/** The statements without those that are in `others`, each taken out once. */
function withoutEach(statements: readonly string[], others: readonly string[]): readonly string[] {
  const left = [...others];
  return statements.filter((one) => {
    const at = left.indexOf(one);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
