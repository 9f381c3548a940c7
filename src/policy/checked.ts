import { sha256 } from '../kernel/digest.ts';
import { alike } from './alike.ts';
import { policyInvalid } from './problems.ts';
import { type PolicyAction, schemaText } from './schema.ts';
import { statementsOf } from './statements.ts';

type Cedar = typeof import('@cedar-policy/cedar-wasm/nodejs');
type DetailedError = import('@cedar-policy/cedar-wasm/nodejs').DetailedError;
type PolicyJson = import('@cedar-policy/cedar-wasm/nodejs').PolicyJson;

/** A policy that was validated. */
interface CheckedPolicy {
  /** Which, as `checkedAs` names it. */
  readonly name: string;
  /** Its statements in their order, as Cedar parsed them. */
  readonly parsed: readonly PolicyJson[];
}

/**
 * The policy that was validated when the command was built (`build.ts`); nothing, from source. Such a note is in the
 * code alone: an attacker who could write one elsewhere could add a `forbid` that never applies.
 */
declare const BUILT_POLICY: CheckedPolicy;
const built = typeof BUILT_POLICY === 'undefined' ? undefined : BUILT_POLICY;

/** A policy's text with all that Cedar's opinion of it rests on: the tools that there are, and its own version. */
export function checkedAs(cedarVersion: string, text: string, actions: readonly PolicyAction[]): string {
  return sha256(JSON.stringify([cedarVersion, text, schemaText(actions)]));
}

/**
 * A policy that is valid, and what Cedar is to decide by: what was parsed when the command was built, where that is
 * this text, because V8 takes longer to compile Cedar's parser than a short command runs; otherwise the text.
 * @throws policy_invalid
 */
export function checkedPolicy(
  cedar: Cedar,
  text: string,
  source: string,
  actions: readonly PolicyAction[],
): CheckedPolicy & { readonly staticPolicies: string | Record<string, PolicyJson> } {
  const name = checkedAs(cedar.getCedarVersion(), text, actions);
  if (built?.name === name)
    return { ...built, staticPolicies: Object.fromEntries(built.parsed.map((one, index) => [`policy${index}`, one])) };
  validate(cedar, text, source, actions);
  const parsed = statementsOf(text).map((statement) => {
    const answer = cedar.policyToJson(statement.text);
    if (answer.type === 'failure') throw policyInvalid(text, source, answer.errors);
    return answer.json;
  });
  return { name, parsed, staticPolicies: text };
}

/**
 * Cedar checks each policy once for each action, which took most of a process's first call: it is asked about one of
 * those that the text can't tell apart. What has a problem with these few is checked with all, since Cedar's advice
 * names what there is.
 */
function validate(cedar: Cedar, text: string, source: string, actions: readonly PolicyAction[]): void {
  const few = alike(text, actions).flatMap(([first]) => first ?? []);
  if (problemsOf(cedar, text, few) === undefined) return;
  const problems = problemsOf(cedar, text, actions);
  if (problems !== undefined) throw policyInvalid(text, source, problems);
}

function problemsOf(
  cedar: Cedar,
  text: string,
  actions: readonly PolicyAction[],
): readonly DetailedError[] | undefined {
  const schema = schemaText(actions);
  const answer = cedar.validate({ validationSettings: { mode: 'strict' }, schema, policies: { staticPolicies: text } });
  if (answer.type === 'failure') return answer.errors;
  const errors = answer.validationErrors.map(({ error }) => error);
  // Warnings only repeat, less clearly, what an error said.
  const warnings = [...answer.validationWarnings.map(({ error }) => error), ...answer.otherWarnings];
  const problems = errors.length > 0 ? errors : warnings;
  return problems.length > 0 ? problems : undefined;
}
