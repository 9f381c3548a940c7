import { namesSecret } from './secret-name.ts';

/** A part of a text, in UTF-16 units. */
export type Span = readonly [start: number, end: number];

/**
 * Every place where a pattern (with `g`) is found. Asked first, because `matchAll` copies the pattern: most texts hold
 * no secret.
 */
export function placesOf(pattern: RegExp, text: string): readonly RegExpExecArray[] {
  return text.search(pattern) < 0 ? [] : [...text.matchAll(pattern)];
}

/*
 * `DB_PASSWORD=…`, `"secret": "…"`, `password is: …`. The name is read once and not given back, so that no text takes
 * long. Two colons are a resource type's (`AWS::SecretsManager::Secret`).
 */
const NAMED = /(?<![\w.-])(?=([\w.-]+))\1["']?(?:[ \t]{1,8}is)?[ \t]{0,8}(?:={1,2}>?|:(?!:)=?)[ \t]{0,8}/g;
/**
 * The rest of the line where it is quoted. Up to a blank, not to a comma: a secret can have any other character in it.
 */
const VALUE = /"[^"\n]*"?|'[^'\n]*'?|(?:(?:Basic|Bearer|Digest)[ \t]{1,8})?[^\s"']+/iy;

/** Names of which only the word before says what they are of: `API key: …`. */
const OF_THE_WORD_BEFORE = /^(keys?|string|cookie|url|uri|data)$/i;
const WORD_BEFORE = /[\w.-]{1,40}[ \t]$/;
/** Services, in actions (`secretsmanager:GetSecretValue`), and what AWS calls tokens in its own messages. */
const NO_SECRET = /^(secretsmanager|sso-oauth|(client|request|clientrequest|next|idempotency|continuation)_?token)$/i;
/** ARNs and references have names and colons in them, and are no secrets. */
const POINTERS =
  /\barn:(?:aws|\$\{AWS::Partition\})(?:[\w:/.*+@-]|\$\{[\w.:]{1,200}\})*|\{\{resolve:(?:[^{}]|\$\{[^{}]{0,200}\}){0,2000}\}\}/g;
/**
 * A value that only says where the secret is, or is none, or is hidden already; or the claim of an identity provider
 * (`token.actions.githubusercontent.com:sub`).
 */
const NO_VALUE =
  /^["']{0,2}(?:(?:\$[A-Z_][A-Z0-9_]*|\$\{[\w.:]+\}|!Ref|!GetAtt|\[hidden:[^\]\s]*\]|[Tt]rue|[Ff]alse|null|None|amr|aud|azp|oaud|sub)[\])},;.]*["']?)?$/;

/** The values in a running text whose name says that they are secret, in order and apart from each other. */
export function namedValuesIn(text: string): readonly Span[] {
  const plain = text.replace(POINTERS, (pointer) => '\n'.repeat(pointer.length));
  const spans: Span[] = [];
  let passed = 0;
  for (const found of placesOf(NAMED, plain)) {
    const start = found.index + found[0].length;
    if (found.index < passed || !isSecretsName(plain, found.index, found[1] ?? '', found[0])) continue;
    VALUE.lastIndex = start;
    const [value = ''] = VALUE.exec(plain) ?? [];
    if (NO_VALUE.test(value)) continue;
    passed = start + value.length;
    spans.push([start, passed]);
  }
  return spans;
}

function isSecretsName(text: string, at: number, name: string, written: string): boolean {
  // `registry/token-service:1.2`: the tag of an image.
  if (text[at - 1] === '/' && written === `${name}:`) return false;
  // A name as long as a page names nothing.
  const end = name.slice(-100);
  const before = OF_THE_WORD_BEFORE.test(end)
    ? (WORD_BEFORE.exec(text.slice(Math.max(0, at - 41), at))?.[0] ?? '')
    : '';
  return !NO_SECRET.test(end) && namesSecret(before + end);
}
