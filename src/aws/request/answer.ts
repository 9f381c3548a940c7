import { addAbortSignal, type Readable } from 'node:stream';
import { notAws, tooLong } from './errors.ts';

/** Far beyond any page of these APIs: an endpoint that streams for ever mustn't fill the memory. */
const BODY_LIMIT = 32 * 1024 * 1024;

/**
 * The root elements of the awsQuery and ec2Query protocols: `<DescribeStacksResponse>`, `<ErrorResponse>`,
 * `<Response>`.
 */
const QUERY_ANSWER = /^\s*(?:<\?xml[^>]*\?>\s*)?<([A-Za-z0-9]*Response)[\s/>]/;

/** … and of S3's listings. */
export const BUCKET_ANSWER = /^\s*(?:<\?xml[^>]*\?>\s*)?<(ListVersionsResult|Error)[\s/>]/;

/** … and of the JSON protocols: an object. */
export const JSON_ANSWER = /^\s*(\{)/;

/**
 * Looks at every answer before the SDK reads it. An HTML page with status 200 would otherwise pass for success: the SDK
 * finds none of the members that it looks for in it, and for operations without a result that is what success looks
 * like.
 * @param operation the API operation, `TerminateInstances`
 * @param known how this service's answers begin
 * @param ends each ends the reading, and the connection with it
 */
export async function checkAnswer(
  response: unknown,
  operation: string,
  ends: readonly AbortSignal[],
  known = QUERY_ANSWER,
): Promise<void> {
  const answer = response as { readonly statusCode: number; body: unknown };
  const body = await collect(answer.body as Readable, operation, ends);
  const start = body.toString('utf8', 0, 600);
  const end = body.toString('utf8', Math.max(0, body.length - 200)).trimEnd();
  const root = known.exec(start)?.[1];
  // Cut off counts too: for an operation without a result the SDK doesn't even read what is there.
  const whole =
    root !== undefined &&
    (end.endsWith(root === '{' ? '}' : `</${root}>`) || /^[^>]*(\?>\s*<[^>]*)?\/>$/.test(start.trim()));
  if (!whole) throw notAws(operation, answer.statusCode, start);
  answer.body = body;
}

async function collect(body: Readable, operation: string, ends: readonly AbortSignal[]): Promise<Buffer> {
  for (const end of ends) addAbortSignal(end, body);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > BODY_LIMIT) throw tooLong(operation, BODY_LIMIT);
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}
