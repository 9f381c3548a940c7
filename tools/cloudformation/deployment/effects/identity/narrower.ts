import { type Json, stableJson } from '../../../../../src/kernel/digest.ts';
import { madeBy, type NameTree, namesOfItems, namesOfMember } from '../../../../ports/made-names.ts';
import { isSettings, isUntold } from '../resource-settings.ts';
import { isSame, ownKey } from './own.ts';
import { identityOf, type Listed, type Name, type Principal, type Statement } from './statements.ts';

/**
 * More single permissions than this aren't compared: nobody reads them either, and a template may have hundreds of
 * policies, each with a few lines that stand for thousands.
 */
const MOST = 600;

export interface Difference {
  /** Allowed after and not surely before, and not harmless: a single action on a single resource each. */
  readonly wider: readonly Statement[];
  /** Denied before, and not surely after. */
  readonly undenied: readonly Statement[];
  /** Something may be allowed no longer. */
  readonly less: boolean;
}

/** Undefined: too much to compare. */
export function differenceOf(
  before: readonly Statement[],
  after: readonly Statement[],
  isHarmless: (single: Statement) => boolean,
): Difference | undefined {
  const [was, will] = [singles(before), singles(after)];
  if (was.length > MOST || will.length > MOST) return undefined;
  const [known, next] = [keyed(before), keyed(after)];
  const isDenial = ({ effect }: Statement) => effect === 'Deny';
  return {
    wider: will.filter((single) => !isDenial(single) && !isCovered(single, known) && !isHarmless(single)),
    undenied: before.filter((statement) => isDenial(statement) && !isCovered(statement, next)),
    less:
      was.some((single) => !isDenial(single) && !isCovered(single, next)) ||
      after.some((statement) => isDenial(statement) && !isCovered(statement, known)),
  };
}

/** One action on one resource by one principal each. What says `Not…` stays whole. */
function singles(statements: readonly Statement[]): readonly Statement[] {
  return statements.flatMap((statement) => {
    const { actions, resources, principals } = statement;
    if (actions.not || resources?.not || principals?.not) return [statement];
    const one = <T>(name: T) => ({ not: false, names: [name] });
    return actions.names.flatMap((action) =>
      (resources?.names ?? [undefined]).flatMap((resource) =>
        (principals?.names ?? [undefined]).map((principal) => ({
          ...statement,
          actions: one(action),
          resources: resource && one(resource),
          principals: principal && one(principal),
        })),
      ),
    );
  });
}

interface Keyed {
  readonly statement: Statement;
  readonly identity: string;
}

function keyed(statements: readonly Statement[]): readonly Keyed[] {
  return statements.map((statement) => ({ statement, identity: identityOf(statement) }));
}

/**
 * Does one of these surely say all that this one does? Only what is proved counts: wildcards in the middle, variables,
 * `Not…` and conditions that differ are compared by nothing but being the same.
 */
function isCovered(statement: Statement, by: readonly Keyed[]): boolean {
  const identity = identityOf(statement);
  const hasVariables = identity.includes('${');
  return by.some(
    (other) =>
      (other.identity === identity && !isUntold(identity)) ||
      (other.statement.effect === statement.effect &&
        !hasVariables &&
        !other.identity.includes('${') &&
        saysAll(other.statement, statement)),
  );
}

function saysAll(wide: Statement, narrow: Statement): boolean {
  return (
    (!wide.condition || isSameCondition(wide, narrow)) &&
    covers(wide.actions, narrow.actions) &&
    covers(wide.resources, narrow.resources) &&
    coversPrincipals(wide.principals, narrow.principals)
  );
}

function isSameCondition(wide: Statement, narrow: Statement): boolean {
  const isSame = (one: Json | undefined, other: Json | undefined) =>
    !isUntold(other) && stableJson(one ?? null) === stableJson(other ?? null);
  return (
    isSame(wide.condition, narrow.condition) ||
    isSame(told(wide.condition, wide.condition_names), told(narrow.condition, narrow.condition_names))
  );
}

/** With the template's own things in place of their ARNs, which may be others once they are made new. */
function told(value: Json | undefined, names: NameTree | undefined): Json | undefined {
  if (typeof value === 'string') return ownKey({ text: value, made: madeBy(names) }) ?? value;
  if (Array.isArray(value)) {
    const within = namesOfItems(names, value.length);
    return value.map((one: Json, at) => told(one, within[at]) ?? null);
  }
  if (!isSettings(value)) return value;
  return Object.fromEntries(
    Object.keys(value).map((key) => [key, told(value[key], namesOfMember(names, key)) ?? null]),
  );
}

function covers(wide: Listed | undefined, narrow: Listed | undefined): boolean {
  if (!wide || !narrow) return wide === narrow;
  if (wide.not || narrow.not)
    return (
      wide.not === narrow.not &&
      isAllWithin(wide.names, narrow.names, isSame) &&
      isAllWithin(narrow.names, wide.names, isSame)
    );
  return isAllWithin(narrow.names, wide.names, isWithin);
}

function isAllWithin(names: readonly Name[], wide: readonly Name[], fits: (name: Name, other: Name) => boolean) {
  return names.every((name) => wide.some((other) => fits(name, other)));
}

/** Is all that a pattern stands for within another one? `s3:Get*` is within `s3:*`. */
function isWithin(name: Name, wide: Name): boolean {
  if (isSame(name, wide) || isTextWithin(name.text, wide.text)) return true;
  const [key, other] = [ownKey(name), ownKey(wide)];
  return key !== undefined && other !== undefined && isTextWithin(key, other);
}

/** What only the execution will tell may hold a wildcard, or be anything. */
function isTextWithin(text: string, wide: string): boolean {
  const start = wide.slice(0, -1);
  return wide.endsWith('*') && !/[*?]/.test(start) && !isUntold(start) && text.startsWith(start);
}

function coversPrincipals(wide: Statement['principals'], narrow: Statement['principals']): boolean {
  if (!wide || !narrow) return wide === narrow;
  if (wide.not || narrow.not) return false;
  return narrow.names.every((one) =>
    wide.names.some((other) => isEveryone(other) || (one.kind === other.kind && isSame(one, other))),
  );
}

/** `"AWS": "*"` is everyone too. */
function isEveryone({ kind, text }: Principal): boolean {
  return text === '*' && (kind === '*' || kind === 'AWS');
}
