import { carriesMask } from '../../../tools/ports/masks.ts';
import { isReference } from '../../../tools/ports/redaction.ts';
import { subParts } from '../../../tools/ports/substitution.ts';
import { isRecord, record } from './document.ts';

/** Functions whose arguments are names of what they point to, and no value. */
const POINTS = /^(Ref|Condition|Fn::(FindInMap|GetAtt|GetStackOutput|ImportValue))$/;

/**
 * Does a value have a literal in it that is hidden where it stands? Under a telling name all that is written is masked,
 * what only points elsewhere too: that is no value.
 * @param shown the same with masks; absent where the two differ in form, and then it counts as hidden
 */
export function literalIn(value: unknown, shown: unknown): boolean {
  if (shown === undefined) return value !== undefined;
  if (!carriesMask(shown)) return false;
  if (typeof value === 'string') return !isReference(value);
  if (Array.isArray(value)) return value.some((one, at) => literalIn(one, [shown].flat()[at]));
  // One that nobody can tell (`010`, an empty one) is a literal too.
  if (!isRecord(value)) return true;
  return Object.entries(value).some(([name, inner]) => {
    const masked = record(shown)[name];
    if (POINTS.test(name)) return false;
    if (name === 'Fn::If') {
      const [, ...branches] = [inner].flat();
      return branches.some((branch, at) => literalIn(branch, [masked].flat()[at + 1]));
    }
    if (name !== 'Fn::Sub' && name !== 'Fn::Join') return literalIn(inner, masked);
    const written = writtenIn(name, inner);
    if (written !== '') return !isReference(written);
    const [, within] = [inner].flat();
    return literalIn(within, [masked].flat()[1]);
  });
}

/** The text that a function writes itself, with a letter for each part that it puts there; empty: only such parts. */
function writtenIn(name: string, argument: unknown): string {
  const [first, second] = [argument].flat();
  const parts =
    name === 'Fn::Sub'
      ? subParts(String(first)).map(({ kind, text }) => (kind === 'variable' ? { put: text } : text))
      : joined(second, String(first));
  if (!parts.some((part) => typeof part === 'string' && part !== '')) return '';
  return parts.map((part) => (typeof part === 'string' ? part : part.put === 'AWS::Partition' ? 'aws' : 'x')).join('');
}

type Part = string | { readonly put: unknown };

function joined(items: unknown, between: string): readonly Part[] {
  return [items].flat().flatMap((item, at): readonly Part[] => {
    const text = typeof item === 'string' ? item : { put: record(item).Ref };
    return at > 0 ? [between, text] : [text];
  });
}
