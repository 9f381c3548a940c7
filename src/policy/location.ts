/** Where something is in a text, counted from 1 as editors do; columns in UTF-16 units. */
export interface Location {
  readonly line: number;
  readonly column: number;
}

/** @param offset in UTF-16 units */
export function locationAt(text: string, offset: number): Location {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - lineStart + 1 };
}

/** @param bytes an offset in the text's UTF-8 form, which is how Cedar counts */
export function locationAtByte(text: string, bytes: number): Location {
  return locationAt(text, Buffer.from(text).subarray(0, bytes).toString().length);
}
