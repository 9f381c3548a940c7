import { subParts } from '../../../tools/ports/substitution.ts';
import { isRecord, record } from './document.ts';
import type { HiddenValues } from './hidden-values.ts';

/** Stand for a part that has a hidden value, and for one that may be any text. */
const [HIDDEN, ANY] = ['\ue001', '\ue000'];
/** Functions that put a value somewhere as it is: no other text comes with it. */
const REFERS = /^(Ref|Fn::(Base64|FindInMap|GetAtt|GetStackOutput|ImportValue))$/;
/** What AWS calls its things: none of it has a brace. */
const PSEUDO = /^AWS::/;
const PLACES = /(Arn|Address|Port|Id)$/;

/** Parts that are looked at in one template: `Fn::Sub` within `Fn::Sub` stands for more than anyone can look at. */
const MOST_PARTS = 200_000;

/**
 * Tells, for one template: may AWS take some of the text for a dynamic reference with a hidden value in its name? It
 * follows that one while it plans, and says of what name there is nothing. The attacker has its braces come from
 * several parts. What nobody could look through may be one.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
 */
export function referring(values: HiddenValues): (value: unknown) => boolean {
  const work = { left: MOST_PARTS };
  return (value) => {
    if (work.left <= 0) return true;
    const text = piecesOf(value, values, work).join('');
    return work.left <= 0 || mayRefer(text);
  };
}

/** `https://…`, `postgres://user:…@host`, and words for a driver: `Server=…;Password=…`, `host=… password=…`. */
const ADDRESS =
  /^\s*[\w+.:\ue000-]{0,80}:\/\/|(^|[\s;,])(server|data source|host(name|addr)?|addr(ess)?|endpoint|ur[il])\s*=/i;

/**
 * Tells, for one template: is it an address that has a hidden value in it? The attacker leaves the value where it
 * stands, and has the text around it name a host of their own.
 */
export function addressing(values: HiddenValues): (value: unknown) => boolean {
  const work = { left: MOST_PARTS };
  return (value) => {
    const text = piecesOf(value, values, work).join('');
    return work.left <= 0 || ADDRESS.test(text);
  };
}

function mayRefer(text: string): boolean {
  let [isOpen, isTaken] = [false, false];
  for (const [token] of text.matchAll(/\{\ue001*\{|\}\ue001*\}|\ue000|\ue001/g)) {
    const closes = token.startsWith('}') || token === ANY;
    if (closes && isTaken) return true;
    if (token === HIDDEN) isTaken ||= isOpen;
    else isOpen = token.startsWith('{') || token === ANY;
  }
  return false;
}

function piecesOf(value: unknown, values: HiddenValues, work: { left: number }): readonly string[] {
  work.left -= 1;
  if (work.left <= 0) return [];
  if (typeof value === 'string') return [plain(value)];
  if (!isRecord(value)) return [ANY];
  const [[name, inner] = ['', undefined], ...more] = Object.entries(value);
  const [first, second] = [inner].flat();
  if (more.length === 0 && name === 'Fn::Join' && typeof first === 'string' && Array.isArray(second))
    return second.flatMap((item, at) => [...(at > 0 ? [plain(first)] : []), ...piecesOf(item, values, work)]);
  if (more.length === 0 && name === 'Fn::Sub' && typeof first === 'string') {
    const given = record(second);
    return subParts(first).flatMap(({ kind, text }) => {
      if (kind !== 'variable') return [plain(text)];
      if (Object.hasOwn(given, text)) return piecesOf(given[text], values, work);
      return [referred(text.split('.'), values)];
    });
  }
  if (name === 'Ref' && typeof inner === 'string') return [referred([inner], values)];
  if (values.takes(value)) return more.length === 0 && REFERS.test(name) ? [HIDDEN] : [HIDDEN, ANY];
  if (name === 'Fn::GetAtt')
    return [
      referred(
        [inner].flat().flatMap((step) => String(step).split('.')),
        values,
      ),
    ];
  return [known(value, values)];
}

function referred(steps: readonly string[], values: HiddenValues): string {
  if (values.takesNamed(steps)) return HIDDEN;
  const [name = '', ...attribute] = steps;
  if (PSEUDO.test(name)) return '';
  const { Type } = record(record(values.template.Resources)[name]);
  if (madeByAws(Type, attribute)) return '';
  return attribute.length === 0 ? known({ Ref: name }, values) : ANY;
}

/** Is it what AWS calls a thing of this type, or where it is, rather than what was written on it? */
export function madeByAws(type: unknown, attribute: readonly string[]): boolean {
  const isAws = typeof type === 'string' && type.startsWith('AWS::') && !type.startsWith('AWS::CloudFormation::');
  return isAws && (attribute.length === 0 || PLACES.test(attribute.at(-1) ?? ''));
}

function known(value: unknown, { workings }: HiddenValues): string {
  const text = workings.value(value);
  return typeof text === 'string' ? plain(text) : ANY;
}

/** Without what stands for parts. */
function plain(text: string): string {
  return text.replace(/[\ue000\ue001]/g, '');
}
