import { readRequestBody } from '@modelcontextprotocol/server';
import { LONGEST_MESSAGE, MOST_VALUES, TOO_MANY_VALUES, valuesIn } from '../kernel/message-bounds.ts';
import { type Busy, workOf } from './limits.ts';

/** What a caller sent, or what they are told instead. */
export type Read = { readonly message: unknown; readonly length: number } | { readonly refused: Response | Busy };

/**
 * One message. How much it is to read is counted, and taken from its caller's budget, before it is parsed: all callers
 * share one thread.
 * @param spend what is taken; why nothing more of this caller's is read now
 */
export async function readMessage(request: Request, spend: (work: number) => Busy | undefined): Promise<Read> {
  const text = await textOf(request);
  const values = text === undefined ? 0 : valuesIn(text);
  const busy = spend(workOf(text?.length ?? LONGEST_MESSAGE, values));
  if (busy) return { refused: busy };
  if (text === undefined) return { refused: rpcError(413, -32_600, 'the message is longer than 4 MiB') };
  if (values > MOST_VALUES) return { refused: rpcError(413, -32_600, TOO_MANY_VALUES) };
  try {
    const message = JSON.parse(text);
    // MCP has had none since 2025-06-18. A hundred calls would pass for one with the limits.
    if (Array.isArray(message)) return { refused: rpcError(400, -32_600, 'one message at a time') };
    return { message, length: text.length };
  } catch {
    return { refused: rpcError(400, -32_700, 'that is not JSON') };
  }
}

/** Undefined: longer than a message may be. Where its length was said, no more than that comes. */
async function textOf(request: Request): Promise<string | undefined> {
  const said = request.headers.get('content-length');
  if (said !== null && Number(said) <= LONGEST_MESSAGE) return await request.text();
  const read = await readRequestBody(request, LONGEST_MESSAGE);
  return read.tooLarge ? undefined : read.text;
}

export function rpcError(status: 400 | 413, code: number, message: string): Response {
  return Response.json({ jsonrpc: '2.0', error: { code, message }, id: null }, { status });
}
