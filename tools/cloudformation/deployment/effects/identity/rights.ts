import type { Json } from '../../../../../src/kernel/digest.ts';
import { type NameTree, namesOfItems, namesOfMember } from '../../../../ports/made-names.ts';
import { isSettings } from '../resource-settings.ts';
import { type Name, type Statement, statementsOf, textsOf, whole } from './statements.ts';

export interface Rights {
  readonly statements: readonly Statement[];
  /** Managed policies, by their ARNs. */
  readonly managed: readonly Name[];
}

/** A policy, a list of inline ones (`{PolicyName, PolicyDocument}`) or of managed ones' ARNs. */
export function rightsOf(value: Json | undefined, names?: NameTree): Rights | undefined {
  if (value === undefined) return { statements: [], managed: [] };
  if (isSettings(value)) {
    const statements = statementsOf(value, names);
    return statements && { statements, managed: [] };
  }
  if (!Array.isArray(value)) return undefined;
  if (value.length === 0) return { statements: [], managed: [] };
  if (value.every((one) => typeof one === 'string')) {
    const managed = textsOf(value, names);
    return managed && { statements: [], managed };
  }
  const within = namesOfItems(names, value.length);
  const inline = whole(
    value.map((one, at) => {
      const known =
        isSettings(one) && Object.keys(one).every((key) => key === 'PolicyName' || key === 'PolicyDocument');
      return known ? statementsOf(one.PolicyDocument, namesOfMember(within[at], 'PolicyDocument')) : undefined;
    }),
  );
  return inline && { statements: inline.flat(), managed: [] };
}
