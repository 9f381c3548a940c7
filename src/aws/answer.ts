import { notAws } from './errors.ts';

/** Far beyond any page of these APIs: an endpoint that streams for ever mustn't fill the memory. */
const BODY_LIMIT = 32 * 1024 * 1024;

/** The root elements of the awsQuery and ec2Query protocols: `<DescribeStacksResponse>`, `<ErrorResponse>`, `<Response>`. */
const AWS_ANSWER = /^\s*(?:<\?xml[^>]*\?>\s*)?<([A-Za-z0-9]*Response)[\s/>]/;

/**
 * Looks at every answer before the SDK reads it. An HTML page with status 200 would otherwise pass for success: the SDK finds none of
 * the members that it looks for in it, and for operations without a result that is what success looks like.
 * @param command the SDK's command name, `TerminateInstancesCommand`
 */
export async function checkAnswer(response: unknown, command: unknown): Promise<void> {
  const answer = response as { readonly statusCode: number; body: unknown };
  const body = await collect(answer.body);
  const start = body.subarray(0, 600).toString('utf8');
  const end = body.subarray(-200).toString('utf8').trimEnd();
  const root = AWS_ANSWER.exec(start)?.[1];
  // Cut off counts too: for an operation without a result the SDK doesn't even read what is there.
  const whole = root !== undefined && (end.endsWith(`</${root}>`) || /^[^>]*(\?>\s*<[^>]*)?\/>$/.test(start.trim()));
  if (!whole) throw notAws(String(command).replace(/Command$/, ''), answer.statusCode, start);
  answer.body = new Uint8Array(body);
}

async function collect(body: unknown): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_LIMIT) throw new Error(`the answer is longer than ${BODY_LIMIT} bytes`);
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks);
}
