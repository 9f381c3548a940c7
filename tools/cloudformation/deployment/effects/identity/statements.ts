import { type Json, stableJson } from '../../../../../src/kernel/digest.ts';
import { type MadeName, madeBy, type NameTree, namesOfItems, namesOfMember } from '../../../../ports/made-names.ts';
import { isSettings, type Settings } from '../resource-settings.ts';

/** A text of a policy as AWS resolved it, and what the template says that it names. */
export interface Name {
  readonly text: string;
  readonly made: readonly MadeName[] | undefined;
}

/** `Not…` stands for all that it doesn't list. */
export interface Listed {
  readonly not: boolean;
  readonly names: readonly Name[];
}

export interface Principal extends Name {
  /** `AWS`, `Service`, `Federated`, `CanonicalUser`, `*`. */
  readonly kind: string;
}

export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  /** In small letters: AWS compares them so. */
  readonly actions: Listed;
  /** Undefined where it has none, as in a role's trust. */
  readonly resources: Listed | undefined;
  /** Undefined where it has none, as in what an identity may do. */
  readonly principals: { readonly not: boolean; readonly names: readonly Principal[] } | undefined;
  readonly condition: Settings | undefined;
  readonly condition_names: NameTree | undefined;
  /** Of the policy's language: in the older one `${…}` is text. */
  readonly version: '2008-10-17' | '2012-10-17';
}

const OF_POLICY: ReadonlySet<string> = new Set(['Version', 'Id', 'Statement']);
const OF_STATEMENT: ReadonlySet<string> = new Set([
  ...['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource'],
  ...['Principal', 'NotPrincipal', 'Condition'],
]);

/**
 * A policy's statements; undefined where any of it isn't known to be one, to the last member: a part that is skipped
 * may be the part that lets something in.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function statementsOf(document: Json | undefined, names?: NameTree): readonly Statement[] | undefined {
  if (!isSettings(document) || !Object.keys(document).every((key) => OF_POLICY.has(key))) return undefined;
  const { Version: version = '2008-10-17', Statement: given } = document;
  if (version !== '2008-10-17' && version !== '2012-10-17') return undefined;
  const within = namesOfMember(names, 'Statement');
  const list = Array.isArray(given) ? given : [given];
  const made = Array.isArray(given) ? namesOfItems(within, given.length) : [within];
  return whole(list.map((one, at) => statementOf(one, made[at], version)));
}

function statementOf(
  value: Json | undefined,
  names: NameTree | undefined,
  version: Statement['version'],
): Statement | undefined {
  if (!isSettings(value) || !Object.keys(value).every((key) => OF_STATEMENT.has(key))) return undefined;
  const { Effect: effect, Condition: condition } = value;
  if (effect !== 'Allow' && effect !== 'Deny') return undefined;
  if (condition !== undefined && !isSettings(condition)) return undefined;
  const actions = listed(value, 'Action', names);
  const resources = listed(value, 'Resource', names);
  const principals = principalsOf(value, names);
  if (!actions || resources === 'unreadable' || actions === 'unreadable' || principals === 'unreadable')
    return undefined;
  const small = actions.names.map((name) => ({ ...name, text: name.text.toLowerCase() }));
  const condition_names = namesOfMember(names, 'Condition');
  return { effect, actions: { ...actions, names: small }, resources, principals, condition, condition_names, version };
}

function listed(value: Settings, member: string, names: NameTree | undefined): Listed | 'unreadable' | undefined {
  const [plain, not] = [value[member], value[`Not${member}`]];
  if (plain === undefined && not === undefined) return undefined;
  if (plain !== undefined && not !== undefined) return 'unreadable';
  const key = plain === undefined ? `Not${member}` : member;
  const found = textsOf(value[key], namesOfMember(names, key));
  return found ? { not: plain === undefined, names: found } : 'unreadable';
}

function principalsOf(value: Settings, names: NameTree | undefined): Statement['principals'] | 'unreadable' {
  const { Principal: plain, NotPrincipal: not } = value;
  if (plain === undefined && not === undefined) return undefined;
  if (plain !== undefined && not !== undefined) return 'unreadable';
  const key = plain === undefined ? 'NotPrincipal' : 'Principal';
  const given = value[key];
  if (given === '*') return { not: key === 'NotPrincipal', names: [{ kind: '*', text: '*', made: undefined }] };
  if (!isSettings(given)) return 'unreadable';
  const found = whole(
    Object.keys(given).map((kind) => {
      const texts = textsOf(given[kind], namesOfMember(namesOfMember(names, key), kind));
      return texts?.map((name) => ({ kind, ...name }));
    }),
  );
  return found ? { not: key === 'NotPrincipal', names: found.flat() } : 'unreadable';
}

/** A text or a list of them. */
export function textsOf(value: Json | undefined, names?: NameTree): readonly Name[] | undefined {
  if (typeof value === 'string') return [{ text: value, made: madeBy(names) }];
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const made = namesOfItems(names, value.length);
  return whole(value.map((one, at) => (typeof one === 'string' ? { text: one, made: madeBy(made[at]) } : undefined)));
}

/** Undefined where one is. */
export function whole<T>(list: readonly (T | undefined)[]): readonly T[] | undefined {
  return list.some((one) => one === undefined) ? undefined : list.flatMap((one) => (one === undefined ? [] : [one]));
}

/** The same statement, whatever its Sid and the order of its lists. */
export function identityOf({ condition_names: _, ...statement }: Statement): string {
  const sorted = (list: Listed | undefined) =>
    list && { not: list.not, names: [...new Set(list.names.map(({ text }) => text))].sort() };
  const principals = statement.principals && {
    not: statement.principals.not,
    names: [...new Set(statement.principals.names.map(({ kind, text }) => `${kind} ${text}`))].sort(),
  };
  const { effect, condition } = statement;
  const [actions, resources] = [sorted(statement.actions), sorted(statement.resources)];
  const told = { effect, actions, resources, principals, condition } as Json;
  const text = stableJson(told);
  return text.includes('${') ? `${statement.version} ${text}` : text;
}
