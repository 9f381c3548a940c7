import { z } from 'zod';
import { safeText } from '../../src/kernel/safe-text.ts';
import { defineReadTool } from '../define.ts';
import { InstanceId, Region, wholeNumber } from '../fields.ts';

/** What one answer holds at most, counted as it leaves: escaped, and quoted as JSON. */
const ANSWER_CHARACTERS = 48 * 1024;
const LINE_CHARACTERS = 1_900;

export default defineReadTool({
  name: 'ec2_get_console_output',
  title: 'Get console output',
  description:
    "Read an instance's console (boot messages, kernel panics), from a character offset; credentials are hidden.",
  toolset: 'ec2',
  actions: ['ec2:GetConsoleOutput'],
  input: z.strictObject({
    instance_id: InstanceId,
    latest: z.boolean().optional().describe('As it is now, not after the last start; Nitro only'),
    offset: wholeNumber(0, 1_000_000).optional().describe('In characters; total says how many'),
    region: Region.optional(),
  }),
  async read({ instance_id, latest = false, offset = 0 }, { ec2, caller }) {
    const { text, at } = await ec2.consoleOutput(instance_id, latest);
    const { lines, next } = linesFrom(text, offset);
    return {
      region: caller.region,
      instance_id,
      ...(at === undefined ? {} : { at }),
      total: text.length,
      offset,
      lines,
      ...(next < text.length ? { next_offset: next } : {}),
    };
  },
});

/** As many lines as fit. A line that is too long for one text goes on in the next entry. */
function linesFrom(text: string, offset: number): { readonly lines: readonly string[]; readonly next: number } {
  const lines: string[] = [];
  let size = 0;
  let line = '';
  let width = 0;
  let next = offset;
  const end = (more: string) => {
    lines.push(line);
    size += width + 6;
    line = more;
    width = leaving(more);
  };
  for (const character of text.slice(offset)) {
    if (size + width > ANSWER_CHARACTERS) break;
    next += character.length;
    if (character === '\n') end('');
    else if (width + leaving(character) > LINE_CHARACTERS) end(character);
    else {
      line += character;
      width += leaving(character);
    }
  }
  if (line !== '') end('');
  return { lines, next };
}

/** How long a character is when it has been escaped for people, and then for JSON. */
function leaving(character: string): number {
  return character === '' ? 0 : JSON.stringify(safeText(character)).length - 2;
}
