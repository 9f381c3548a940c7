/*
 * What a scalar of a template stands for: the one reading of it, for everyone who reads a template, the embedded cloud
 * too. CloudFormation reads YAML 1.1 without its timestamps (a policy's `Version: 2012-10-17` is a text), and other
 * readers, macros among them, read 1.2. The attacker writes what one of them takes for another value than we do: a
 * condition that surely doesn't hold here, and holds at AWS. So what they don't all take for the same is not known.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
 */

/** A scalar of which nobody can tell what value AWS makes of it: `010`, `1_000`, `1:30`, `1.10`, `yes`. */
export class Unsure {
  readonly written: string;

  constructor(written: string) {
    this.written = written;
  }

  toString(): string {
    return this.written;
  }
}

export type Scalar = string | number | boolean | null | Unsure;

const BOOLEAN = /^(?:true|True|TRUE|false|False|FALSE)$/;
const NULL = /^(?:~|null|Null|NULL|)$/;
/** All that some version of YAML, or some library for it, takes for a number; each character is looked at once. */
const NUMBER = /^[-+]?(?:0[box][\da-f_]+|\.(?:inf|nan)|\.?\d[\d_]*(?::[\d_]+)*(?:\.[\d_]*)?(?:e[-+]?\d+)?)$/i;
/** Booleans for some; `=` is YAML 1.1's default value, and `<<` merges. */
const WORD = /^(?:yes|no|on|off|=|<<)$/i;

/** What is written without quotes in YAML. */
export function plainScalar(text: string): Scalar {
  if (BOOLEAN.test(text)) return /^t/i.test(text);
  if (NULL.test(text)) return null;
  if (NUMBER.test(text)) return isSureNumber(text) ? Number(text) : new Unsure(text);
  return WORD.test(text) ? new Unsure(text) : text;
}

/** Does every reader take it for the number that comes out as the same text again? */
export function isSureNumber(text: string): boolean {
  if (!/^-?(?:\d{1,15}|\d{1,7}\.\d{1,8})$/.test(text)) return false;
  const size = Math.abs(Number(text));
  // Some write a smaller one, and a longer one, with an exponent.
  return String(Number(text)) === text && (size === 0 || size >= 0.001);
}
