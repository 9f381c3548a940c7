import { hideValue } from '../../tools/ports/redaction.ts';

/**
 * The tags of anything as they may be shown and stored: anyone who may look at a resource reads them, and people put
 * secrets there.
 */
export function tagsOf(
  tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined,
): Readonly<Record<string, string>> {
  return Object.fromEntries((tags ?? []).map(({ Key = '', Value = '' }) => [Key, hideValue(Key, Value)]));
}
