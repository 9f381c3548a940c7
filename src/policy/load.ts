import { setFlagsFromString } from 'node:v8';
import { NO_GLASS } from '../kernel/break-glass.ts';
import { digestOf } from '../kernel/digest.ts';
import { HoldshortError } from '../kernel/errors.ts';
import { leastTally, REQUIREMENTS } from '../kernel/requirement.ts';
import { checkedPolicy } from './checked.ts';
import { DEFAULT_POLICY } from './default.ts';
import type { DecidingPolicy, PolicyEngine } from './engine.ts';
import { policyInvalid } from './problems.ts';
import { requestOf } from './request.ts';
import { type PolicyAction, schemaText } from './schema.ts';
import { statementsOf } from './statements.ts';

type PolicyJson = import('@cedar-policy/cedar-wasm/nodejs').PolicyJson;

/**
 * Parses and validates a policy once, so that each question costs a fraction of a millisecond.
 * @param options.text Cedar; the default policy when there is none
 * @param options.source where the text came from, for messages: a path, or `default`
 * @param options.actions every tool there is, not only those that are served: a policy may name any of them
 * @throws policy_invalid with source, line, column and Cedar's reason. What could never apply is an error too: the
 *   writer of a `forbid` that matches nothing believes to be protected
 */
export async function loadPolicy(options: {
  readonly text?: string;
  readonly source: string;
  readonly actions: readonly PolicyAction[];
}): Promise<PolicyEngine> {
  const { text = DEFAULT_POLICY, source } = options;
  // Compiling what was run twice takes V8 longer than a short command runs: a process that goes on asking gets there.
  setFlagsFromString(`--wasm-tiering-budget=${WASM_TIERING_BUDGET}`);
  // Loading takes some 30 ms: a command that asks no policy doesn't pay for it.
  const cedar = await import('@cedar-policy/cedar-wasm/nodejs');
  const schema = schemaText(options.actions);
  const digest = digestOf('holdshort/policy/v1', text);
  const schemaName = digestOf('holdshort/schema/v1', schema);
  const { parsed, staticPolicies } = checkedPolicy(cedar, text, source, options.actions);
  const policies = policiesOf(parsed, text, source);
  for (const prepared of [
    cedar.preparseSchema(schemaName, schema),
    cedar.preparsePolicySet(digest, { staticPolicies }),
  ]) {
    if (prepared.type === 'failure') throw policyInvalid(text, source, prepared.errors);
  }

  const explainOne: PolicyEngine['explain'] = (question, tally, glass = NO_GLASS) => {
    const answer = cedar.statefulIsAuthorized({
      ...requestOf(question, tally, glass),
      preparsedSchemaName: schemaName,
      preparsedPolicySetId: digest,
      validateRequest: true,
    });
    if (answer.type === 'failure') return { permitted: false, policies: [], problem: messageOf(answer.errors[0]) };
    const { decision, diagnostics } = answer.response;
    // Cedar leaves out a policy that can't be evaluated. When that was a `forbid`, leaving it out would permit.
    const failed = diagnostics.errors[0];
    const deciding = failed ? diagnostics.errors.map(({ policyId }) => policyId) : diagnostics.reason;
    return {
      permitted: decision === 'allow' && !failed,
      policies: deciding.flatMap((id) => policies.get(id) ?? []).sort((a, b) => a.line - b.line),
      ...(failed && { problem: messageOf(failed.error) }),
    };
  };

  // The same change may not come through another door: each of its requests has to be permitted as if it were asked for
  // by itself.
  const explain: PolicyEngine['explain'] = ({ also = [], ...question }, tally, glass) => {
    const whole = explainOne(question, tally, glass);
    if (!whole.permitted) return whole;
    const others = also.map((tool) => explainOne({ ...question, tool }, tally, glass));
    return others.find(({ permitted }) => !permitted) ?? whole;
  };

  const permits = remembering((question, tally, glass) => explain(question, tally, glass).permitted);
  return {
    digest,
    source,
    permits,
    requirement: (question) => REQUIREMENTS.find((requirement) => permits(question, leastTally(requirement))),
    explain,
  };
}

const REMEMBERED = 1_000;
/** About as many bytes of WebAssembly as are run in some thousand questions; V8's own is a hundredth of it. */
const WASM_TIERING_BUDGET = 1_300_000_000;

/**
 * An answer depends on nothing but the policy's text and what is in the question, so the same question needs no second
 * evaluation: an agent's reads ask the same thing over and over. Everything that policy may rest on is part of the
 * question for this to hold: of time, what it makes of the freezes; of what was asked before, the numbers.
 */
function remembering(permits: PolicyEngine['permits']): PolicyEngine['permits'] {
  const answers = new Map<string, boolean>();
  return (question, tally, glass = NO_GLASS) => {
    const asked = JSON.stringify([question, tally, glass]);
    const known = answers.get(asked);
    if (known !== undefined) return known;
    const answer = permits(question, tally, glass);
    if (answers.size >= REMEMBERED) answers.clear();
    answers.set(asked, answer);
    return answer;
  };
}

/** The policies under the ids that Cedar gives them: `policy0`, `policy1`… in the order of the text. */
function policiesOf(parsed: readonly PolicyJson[], text: string, source: string): ReadonlyMap<string, DecidingPolicy> {
  if (parsed.length === 0)
    throw new HoldshortError(
      'policy_invalid',
      `${source}: there is no policy in it, so nothing would be permitted, not even reading`,
      'start from the default policy, which `holdshort init` writes out',
    );
  const lines = new Map<string, number>();
  return new Map(
    statementsOf(text).map(({ at }, index) => {
      const { effect = 'permit', annotations } = parsed[index] ?? {};
      const id = annotations?.id ?? `policy${index}`;
      const { line } = at;
      const earlier = lines.get(id);
      if (earlier !== undefined)
        throw new HoldshortError(
          'policy_invalid',
          `${source}:${line}:${at.column}: the id "${id}" is taken by the policy at line ${earlier}`,
          'give each policy an @id of its own: the audit log and `holdshort policy explain` name policies by it',
        );
      lines.set(id, line);
      return [`policy${index}`, { id, effect, description: annotations?.description ?? '', source, line }];
    }),
  );
}

function messageOf(error: { readonly message: string } | undefined): string {
  return error?.message ?? 'the question could not be put to the policy';
}
