/** A secret that a dynamic reference names, and that isn't surely the template's own. */
export interface SecretRead {
  readonly service: 'secretsmanager' | 'ssm-secure';
  /** Name or ARN; empty where it can't be told before the template is used. */
  readonly name: string;
  /** What gets it: `Resources/Function.Environment`, `Outputs/Url`. */
  readonly place: string;
}

/** The template makes the secret itself; what of it is read: `SecretString:password`. */
interface OwnRead {
  readonly own: string;
}

/** Stand in a text for a secret of the template's own, for one of AWS's parameters, and for what isn't known. */
export const MARKS = { own: '\uE000', pseudo: '\uE001', unknown: '\uE002' } as const;

/** A text as a template has it: what looks like a mark is none. */
export function unmarked(text: string): string {
  return text.replace(/[\uE000-\uE002]/g, MARKS.unknown);
}

/** A reference of which a part comes from elsewhere: its beginning alone, or all but its beginning. */
const PART =
  /\{\{\s*r?e?s?o?l?v?e?(\uE002|$)|\{\{resolve(:?$|:?\uE002)|(^|[^{])\{?(resolve:(secretsmanager|ssm-secure)|\uE002:?(secretsmanager|ssm-secure):)|^:?(ssm-secure:|secretsmanager:[^:\s]+:Secret)/;

/**
 * The secrets that a text names by dynamic references. Plain parameters of Systems Manager are no secrets.
 * @param text with marks
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
 */
export function secretReadsIn(text: string, place: string): readonly SecretRead[] {
  return readsIn(text, place).filter((read): read is SecretRead => !('own' in read));
}

/** The secrets of the template's own that a text names, by what is read of each. @param text with marks */
export function ownReadsIn(text: string): readonly string[] {
  return readsIn(text, '').flatMap((read) => ('own' in read ? [read.own] : []));
}

function readsIn(text: string, place: string): readonly (SecretRead | OwnRead)[] {
  // What a function or a parameter completes is read as one whose name can't be told.
  if (PART.test(text)) return [{ service: 'secretsmanager', name: '', place }];
  return [...text.matchAll(/\{\{resolve:([^{}]*)/g)].flatMap(
    ([, reference = '']): readonly (SecretRead | OwnRead)[] => {
      const [, service, rest = ''] = /^(secretsmanager|ssm-secure|ssm):(.*)$/s.exec(reference) ?? [];
      if (service === 'ssm') return [];
      if (service !== 'secretsmanager' && service !== 'ssm-secure')
        return [{ service: 'secretsmanager', name: '', place }];
      const name = nameIn(rest);
      if (name === MARKS.own) return [{ own: rest.slice(MARKS.own.length + 1) }];
      return [{ service, name: /[\uE000-\uE002]/.test(name) ? '' : name, place }];
    },
  );
}

/** `secret-id:json-key:…`. An ARN has colons of its own; of one in AWS's words for here the name is left. */
function nameIn(rest: string): string {
  if (!rest.startsWith('arn:')) return rest.split(':')[0] ?? '';
  const arn = rest.split(':').slice(0, 7);
  return arn.slice(0, 6).join('').includes(MARKS.pseudo) ? (arn[6] ?? '') : arn.join(':');
}
