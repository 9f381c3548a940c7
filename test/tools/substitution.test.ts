// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what is read here is CloudFormation's own.
import { expect, test } from 'vitest';
import { mayPutIn, namesPutIn, subParts, variablesOf } from '../../tools/ports/substitution.ts';

const read = (text: string) => subParts(text).map(({ kind, text: part }) => `${kind}:${part}`);

test.each<[text: string, parts: readonly string[]]>([
  ['', []],
  ['plain $ { } text', ['text:plain $ { } text']],
  ['${A}', ['variable:A']],
  ['a${A}b${B.Arn}c', ['text:a', 'variable:A', 'text:b', 'variable:B.Arn', 'text:c']],
  ['${ A }${\tAWS::Region\n}', ['variable:A', 'variable:AWS::Region']],
  ['${!A}${! A }', ['literal:${A}', 'literal:${ A }']],
  ['${ !A}', ['variable:!A']],
  ['${}', ['variable:']],
  ['$${A}}', ['text:$', 'variable:A', 'text:}']],
  ['${A${B}}', ['variable:A${B', 'text:}']],
  ['a${A', ['text:a', 'unclosed:${A']],
  ['${A}${!B', ['variable:A', 'unclosed:${!B']],
])('%j is read as %j', (text, parts) => {
  expect(read(text)).toEqual(parts);
});

test('nothing of a text is lost, whatever it is made of', () => {
  const marks = ['$', '{', '}', '!', 'A', ' '];
  for (let number = 0; number < marks.length ** 6; number += 7) {
    const text = Array.from({ length: 6 }, (_, at) => marks[Math.floor(number / marks.length ** at) % marks.length]);
    const whole = text.join('').replaceAll(' ', '');
    const back = subParts(whole).map(({ kind, text: part }) => {
      if (kind === 'variable') return `\${${part}}`;
      return kind === 'literal' ? `\${!${part.slice(2)}` : part;
    });
    expect(back.join('')).toBe(whole);
  }
});

test('the names that come of it, those of loops too, and any where one is within another', () => {
  expect(variablesOf('${A}${!B}${ C.Arn }${D')).toEqual(['A', 'C.Arn']);
  expect(namesPutIn('${A}${ B }&{C}{D}${E')).toEqual(['A', 'B', 'C']);
  for (const any of ['${A${B}}', 'x${A&{B}}', '&{${B}}', '${A.${B}}']) expect(namesPutIn(any)).toBeUndefined();
  // A shell's own, which is no name here.
  expect(namesPutIn('${A:-${B}}')).toEqual(['B']);
  expect(['${', 'a&{A}', '$ {A}', '{A}'].map(mayPutIn)).toEqual([true, true, false, false]);
});
