import { EFFECTS } from '../kernel/effects.ts';
import { ENVIRONMENTS } from '../kernel/environment.ts';
import { ASSURANCES } from '../kernel/requirement.ts';
import { actionOf } from '../kernel/tool-name.ts';
import { UNDO_EXISTS } from '../kernel/undo.ts';

/** What the schema needs to know of a tool: its name, and whether it changes anything. */
export interface PolicyAction {
  readonly tool: string;
  readonly kind: 'read' | 'change';
}

/**
 * The Cedar schema that policies are validated against. Environments and effects are enumerated entities rather than
 * strings: a misspelt string in a `forbid` would just never match, and forbid nothing; a misspelt entity is refused by
 * the validator.
 * @see https://docs.cedarpolicy.com/schema/human-readable-schema.html
 */
export function schemaText(actions: readonly PolicyAction[]): string {
  const counts = ASSURANCES.map((assurance) => `${assurance}: Long`).join(', ');
  const names = ASSURANCES.map((assurance) => `${assurance}: Set<String>`).join(', ');
  return `
entity Agent { operator: String };
entity Environment enum [${quoted(ENVIRONMENTS)}];
entity Effect enum [${quoted(EFFECTS)}];
entity Undo enum [${quoted(UNDO_EXISTS)}];
type Counts = { ${counts} };
type Call = {
  account: String,
  region: String,
  effects: Set<Effect>,
  destructive: Bool,
  resources: Long,
  delete_and_recreate: Bool,
  unsettled: Bool,
  undo: Undo,
  snapshot_first: Bool,
  restores: Bool,
  rehearsed: Bool,
  rehearsal_failed: Bool,
  allowed: { tool: Bool, environment: Bool },
  freeze: { active: Bool, names: Set<String>, reason: String, until: String },
  asked: { destructive_last_hour: Long, pending: Long },
  quota: { destructive_per_hour: Long, pending: Long, resources_per_plan: Long },
  approvals: { all: Counts, without_operator: Counts },
  break_glass: { ${names} }
};
action "read", "change";
${declarationOf('read', actions)}
${declarationOf('change', actions)}
`;
}

/** All of a kind at once: Cedar takes twice as long for one declaration each. */
function declarationOf(kind: PolicyAction['kind'], actions: readonly PolicyAction[]): string {
  const names = actions.filter((action) => action.kind === kind).map(({ tool }) => actionOf(tool));
  if (names.length === 0) return '';
  return `action ${quoted(names)} in ["${kind}"] appliesTo { principal: Agent, resource: Environment, context: Call };`;
}

function quoted(values: readonly string[]): string {
  return values.map((value) => JSON.stringify(value)).join(', ');
}
