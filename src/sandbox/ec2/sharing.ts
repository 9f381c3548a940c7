interface Permission {
  readonly UserId?: string | undefined;
  readonly Group?: string | undefined;
}

/** Who may use a snapshot or image besides its owner: accounts by id, everyone as `all`. */
export function changeSharing(
  sharedWith: Set<string>,
  { add, remove }: { readonly add: readonly Permission[]; readonly remove: readonly Permission[] },
): void {
  for (const { UserId, Group } of add) sharedWith.add(Group ?? UserId ?? '');
  for (const { UserId, Group } of remove) sharedWith.delete(Group ?? UserId ?? '');
}

export function permissionShapes(sharedWith: Iterable<string>): { UserId?: string; Group?: 'all' }[] {
  return [...sharedWith].map((who) => (who === 'all' ? { Group: who } : { UserId: who }));
}
