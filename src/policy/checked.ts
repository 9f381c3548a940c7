import { sha256 } from '../kernel/digest.ts';
import { alike } from './alike.ts';
import { policyInvalid } from './problems.ts';
import { type PolicyAction, schemaText } from './schema.ts';
import { statementsOf } from './statements.ts';

type Cedar = typeof import('@cedar-policy/cedar-wasm/nodejs');
type DetailedError = import('@cedar-policy/cedar-wasm/nodejs').DetailedError;
type PolicyJson = import('@cedar-policy/cedar-wasm/nodejs').PolicyJson;

/**
 * The policies that were validated when the command was built (`build.ts`), by the names that `checkedAs` gives them:
 * their statements in their order, as Cedar parsed them, in JSON. None, from source. Such a note is in the code alone:
 * an attacker who could write one elsewhere could add a `forbid` that never applies.
 */
declare const BUILT_POLICIES: Readonly<Record<string, string>>;
const built = typeof BUILT_POLICIES === 'undefined' ? {} : BUILT_POLICIES;

/** A policy that is valid. */
interface CheckedPolicy {
  readonly name: string;
  /** Its statements in their order. */
  readonly parsed: readonly PolicyJson[];
  /** What Cedar is to decide by. */
  readonly staticPolicies: string | Record<string, PolicyJson>;
}

/** A policy's text with all that Cedar's opinion of it rests on: the tools that there are, and its own version. */
export function checkedAs(cedarVersion: string, text: string, actions: readonly PolicyAction[]): string {
  return sha256(JSON.stringify([cedarVersion, text, schemaText(actions)]));
}

/**
 * Checks a policy. Of what the command was built with, Cedar is given what was parsed then: V8 takes longer to compile
 * its parser and validator than a short command runs. Of any other, the text.
 * @throws policy_invalid
 */
export function checkedPolicy(
  cedar: Cedar,
  text: string,
  source: string,
  actions: readonly PolicyAction[],
): CheckedPolicy {
  const name = checkedAs(cedar.getCedarVersion(), text, actions);
  if (Object.hasOwn(built, name)) {
    const parsed = JSON.parse(built[name] ?? '[]') as readonly PolicyJson[];
    return { name, parsed, staticPolicies: Object.fromEntries(parsed.map((one, index) => [`policy${index}`, one])) };
  }
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
