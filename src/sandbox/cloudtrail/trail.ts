import type { Cloud } from '../cloud.ts';
import { uuid } from '../ids.ts';
import { ApiFailure } from '../wire/failure.ts';

/** The newest are kept. */
const TRAIL_LIMIT = 20_000;

interface Asked {
  readonly service: string;
  readonly action: string;
  readonly region: string;
  readonly access_key: string;
  readonly user_identity: object;
  readonly request_id: string;
}

/**
 * Does what was asked for, and records it with AWS's answer to it: a no too.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export function trailed<T>(cloud: Cloud, asked: Asked, work: () => T): T {
  try {
    const result = work();
    record(cloud, asked);
    return result;
  } catch (error) {
    if (error instanceof ApiFailure) record(cloud, asked, error);
    throw error;
  }
}

function record({ trail, accountId, time }: Cloud, asked: Asked, failure?: ApiFailure): void {
  const [id, at] = [uuid(), time()];
  const { service, action, region, access_key, user_identity, request_id } = asked;
  const event = {
    eventVersion: '1.11',
    userIdentity: user_identity,
    eventTime: `${new Date(at).toISOString().slice(0, 19)}Z`,
    eventSource: `${service}.amazonaws.com`,
    eventName: action,
    awsRegion: region,
    // EC2's codes have a side in front of them here.
    ...(failure && {
      errorCode: service === 'ec2' ? `Client.${failure.code}` : failure.code,
      errorMessage: failure.message,
    }),
    requestID: request_id,
    eventID: id,
    recipientAccountId: accountId,
  };
  trail.push({ id, at, region, access_key, text: JSON.stringify(event) });
  if (trail.length > TRAIL_LIMIT) trail.splice(0, TRAIL_LIMIT / 2);
}
