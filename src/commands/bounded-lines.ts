import { Transform } from 'node:stream';
import { LONGEST_MESSAGE, MOST_VALUES, TOO_MANY_VALUES, valuesIn } from '../kernel/message-bounds.ts';

const TOO_LONG = `the message is longer than ${LONGEST_MESSAGE} bytes and was not read; send less at once`;

/** What is kept of a message that is too long, of both ends, to tell which request it was. */
const KEPT = 1_024;
const ID = /"id"\s*:\s*(-?\d{1,15}|"[^"\\]{1,100}")\s*/.source;
/** Before the first member that is an object; and right before the end, which is where the SDK's clients write it. */
const FIRST = new RegExp(`^\\s*\\{\\s*(?:"(?:jsonrpc|method)"\\s*:\\s*"[^"\\\\]{0,100}"\\s*,\\s*)*${ID}[,}]`);
const LAST = new RegExp(`,\\s*${ID}\\}\\s*$`);

/**
 * Lines, without those that are too long, or too much to parse. The attacker sends one of twenty megabytes, or one that
 * never ends: the SDK's transport gives up on both, and with the server goes its executor.
 * @param leftOut told of each that is left out, and why, with the id of its request, where that can be told
 */
export function boundedLines(leftOut: (id: string | number | null, why: string) => void): Transform {
  let parts: Buffer[] = [];
  let bytes = 0;
  const take = (part: Buffer) => {
    bytes += part.length;
    parts.push(part);
    if (bytes > LONGEST_MESSAGE) parts = endsOf(parts);
  };
  return new Transform({
    transform(chunk: Buffer, _, done) {
      let from = 0;
      for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', from)) {
        take(chunk.subarray(from, end + 1));
        from = end + 1;
        const line = Buffer.concat(parts);
        if (bytes > LONGEST_MESSAGE) leftOut(idIn(parts), TOO_LONG);
        // What is counted is ASCII, of which no other character has a byte in it.
        else if (valuesIn(line.toString('latin1')) > MOST_VALUES) leftOut(idIn(endsOf([line])), TOO_MANY_VALUES);
        else this.push(line);
        parts = [];
        bytes = 0;
      }
      if (from < chunk.length) take(chunk.subarray(from));
      done();
    },
  });
}

/** Copies: a part of a buffer would keep all of it. */
function endsOf(parts: readonly Buffer[]): Buffer[] {
  const whole = Buffer.concat(parts);
  return [Buffer.from(whole.subarray(0, KEPT)), Buffer.from(whole.subarray(-KEPT))];
}

function idIn(parts: readonly Buffer[]): string | number | null {
  const [, id] = FIRST.exec(String(parts[0])) ?? LAST.exec(String(parts.at(-1))) ?? [];
  return id === undefined ? null : (JSON.parse(id) as string | number);
}
