import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar } from 'yaml';
import { isReference } from '../../../tools/ports/redaction.ts';
import { namesSchemes, namesSecret } from '../../../tools/ports/secret-name.ts';
import { isNoEcho } from './no-echo.ts';
import { keyOf, pairsOf } from './places.ts';

/** Sections in which the first level is names that people gave to things, which say nothing of a value. */
export const NAMED = /^(Resources|Outputs|Conditions|Rules)$/;
/** What a value that only points elsewhere looks like. */
const POINTER = /^(Ref|Fn::(GetAtt|GetStackOutput|ImportValue)|!(Ref|GetAtt|GetStackOutput|ImportValue))$/;

/**
 * The values of a template that are secret as a whole: the defaults of NoEcho parameters, and what is under telling
 * names.
 */
export function secretNodes(sections: readonly Pair[]): ReadonlySet<Scalar> {
  const found = new Set<Scalar>();
  const anchors = new Map<string, Node>();
  const hide = (node: unknown): void => {
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target) hide(target);
      return;
    }
    if (isSeq(node)) for (const item of node.items) hide(item);
    for (const pair of pairsOf(node)) hide(pair.value);
    if (isScalar(node) && !isReference(String(node.value ?? ''))) found.add(node);
  };
  const secret = (node: unknown): void => {
    const [only] = pairsOf(node);
    if (
      POINTER.test((node as Node | null)?.tag ?? '') ||
      (isMap(node) && node.items.length === 1 && POINTER.test(keyOf(only)))
    )
      return;
    hide(node);
  };
  const walk = (node: unknown, named = false, schemes = false): void => {
    const { anchor } = (node ?? {}) as { anchor?: string };
    if (anchor !== undefined) anchors.set(anchor, node as Node);
    if (isSeq(node)) for (const item of node.items) walk(item, false, schemes);
    const pairs = pairsOf(node);
    const pairName = pairs.find((pair) => /^(name|key|parameterkey)$/i.test(keyOf(pair)) && isScalar(pair.value));
    const secretPair = pairName !== undefined && namesSecret(String((pairName.value as { value: unknown }).value));
    for (const pair of pairs) {
      walk(pair.value, false, namesSchemes(keyOf(pair)));
      const given = named || (schemes && (isMap(pair.value) || isSeq(pair.value)));
      if ((!given && namesSecret(keyOf(pair))) || (secretPair && /value$/i.test(keyOf(pair)))) secret(pair.value);
    }
  };
  for (const section of sections) {
    const name = keyOf(section);
    if (name === 'Parameters') parameters(section.value, walk, secret);
    else walk(section.value, NAMED.test(name));
    // An output with a telling name is a secret unless it points elsewhere.
    if (name === 'Outputs')
      for (const output of pairsOf(section.value))
        if (namesSecret(keyOf(output)))
          for (const pair of pairsOf(output.value)) if (keyOf(pair) === 'Value') secret(pair.value);
  }
  return found;
}

/** Types and descriptions of parameters are no secrets, whatever they are called. */
function parameters(section: unknown, walk: (node: unknown) => void, secret: (node: unknown) => void): void {
  for (const parameter of pairsOf(section)) {
    walk(parameter.value);
    const members = pairsOf(parameter.value);
    const echo = members.find((pair) => keyOf(pair) === 'NoEcho')?.value;
    const hidden = namesSecret(keyOf(parameter)) || isNoEcho({ NoEcho: isScalar(echo) ? echo.value : echo });
    if (hidden) for (const pair of members) if (/^(Default|AllowedValues)$/.test(keyOf(pair))) secret(pair.value);
  }
}
