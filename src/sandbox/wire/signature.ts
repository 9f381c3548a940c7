import type { IncomingMessage } from 'node:http';
import { ApiFailure } from './failure.ts';

/** What Signature Version 4 says of a request. The signature itself is nobody's business here. */
export interface Signature {
  readonly accessKeyId: string;
  readonly region: string | undefined;
  /** Milliseconds since 1970; undefined for a request that isn't signed. */
  readonly signedAt: number | undefined;
}

/** `Credential=AKID/20260101/eu-west-1/ec2/aws4_request`, and `X-Amz-Date: 20260101T120000Z`. */
export function signatureOf({ headers }: Pick<IncomingMessage, 'headers'>): Signature {
  const scope = /Credential=([^/,\s]+)\/\d+\/([a-z0-9-]+)\//.exec(headers.authorization ?? '');
  const [, ...date] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(String(headers['x-amz-date'] ?? '')) ?? [];
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = date.map(Number);
  const signedAt = date.length > 0 ? Date.UTC(year, month - 1, day, hour, minute, second) : undefined;
  return { accessKeyId: scope?.[1] ?? '', region: scope?.[2], signedAt };
}

const MOST_MS = 15 * 60_000;

/**
 * How far the date of a signature may be from AWS's own time, in both directions. It is judged when the request
 * arrives: what was signed and held back on its way is taken for a quarter of an hour, and never again.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (`RequestExpired`)
 * @param now milliseconds since 1970
 * @throws ApiFailure RequestExpired, in S3's words RequestTimeTooSkewed
 */
export function demandInTime({ signedAt }: Signature, service: string, now: number): void {
  if (signedAt === undefined || Math.abs(now - signedAt) <= MOST_MS) return;
  throw service === 's3'
    ? new ApiFailure(
        'RequestTimeTooSkewed',
        'The difference between the request time and the current time is too large.',
        403,
      )
    : new ApiFailure('RequestExpired', 'Request has expired.');
}
