/**
 * Which texts of a template name a resource that the same template makes. Only the template says so: what AWS resolved
 * it to is a text like any other, and another thing's name may look the same.
 */

/** Stands in `rest` for what isn't known before the template is used. */
export const UNKNOWN_PART = '…';
/** Characters; a longer `rest` is cut off. */
export const LONGEST_REST = 500;

/** `${prefix}${Ref or attribute}${rest}`: one reference, with plain text around it. */
export interface MadeName {
  readonly logical_id: string;
  readonly type: string;
  /** Of `Fn::GetAtt`; undefined for `Ref`. */
  readonly attribute?: string;
  /** With AWS's own parameters as they stand in a text: `arn:${AWS::Partition}:s3:::`. Empty, or an ARN's beginning. */
  readonly prefix: string;
  readonly rest: string;
  /** AWS makes up its name, so that no other begins with it. */
  readonly named_by_aws?: true;
}

/** Such texts within a value, by their places in it. */
export type NameTree =
  /** A text: whichever branch of its `Fn::If` is taken, one of these. */
  | { readonly names: readonly MadeName[] }
  /** A list as it is written; AWS leaves an `optional` one out where a condition says so. */
  | { readonly items: readonly { readonly within?: NameTree; readonly optional: boolean }[] }
  | { readonly members: Readonly<Record<string, NameTree>> };

export function namesOfMember(tree: NameTree | undefined, member: string): NameTree | undefined {
  return tree && 'members' in tree && Object.hasOwn(tree.members, member) ? tree.members[member] : undefined;
}

/**
 * Those of each item of a list that has become `length` long: none, unless it is known which items were left out.
 */
export function namesOfItems(tree: NameTree | undefined, length: number): readonly (NameTree | undefined)[] {
  const none = Array.from({ length }, () => undefined);
  if (!tree || !('items' in tree)) return none;
  const kept = tree.items.length === length ? tree.items : tree.items.filter(({ optional }) => !optional);
  return kept.length === length ? kept.map(({ within }) => within) : none;
}

/** What a text names; undefined where it isn't surely one of the template's own. */
export function madeBy(tree: NameTree | undefined): readonly MadeName[] | undefined {
  return tree && 'names' in tree && tree.names.length > 0 ? tree.names : undefined;
}
