import type { Readers } from '../../define.ts';
import type { StackExport } from '../../ports/cloudformation-operations.ts';

/** An export with the names of the stacks that import it; undefined when that can't be asked here. */
export interface UsedExport extends StackExport {
  readonly imported_by: readonly string[] | undefined;
}

/** Each costs a request; once it turned out that they can't be asked, no more are made. */
export async function withUsers(
  exports: readonly StackExport[],
  { cloudformation }: Readers,
): Promise<readonly UsedExport[]> {
  const used: UsedExport[] = [];
  let askable = true;
  for (const one of exports) {
    const imported_by: UsedExport['imported_by'] = askable ? await cloudformation.importers(one.name) : undefined;
    askable = imported_by !== undefined;
    used.push({ ...one, imported_by });
  }
  return used;
}
