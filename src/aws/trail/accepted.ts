import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { z } from 'zod';
import type { Caller } from '../../../tools/define.ts';
import type { Session } from '../../../tools/ports/service.ts';
import { JSON_ANSWER } from '../request/answer.ts';
import { called } from '../request/call.ts';

/** A request that was sent in a session of its own. */
export interface SentRequest {
  /** Of the session. */
  readonly access_key: string;
  /** Whose session it is: the ticket's id, which STS holds fast and no later call can change. */
  readonly source_identity: string;
  /** As IAM calls it: `ec2:DeleteVolume`. */
  readonly action: string;
  /** ISO 8601: before that there was no such session. */
  readonly since: string;
}

/** CloudTrail's event of it. */
export interface TrailRecord {
  readonly event: string;
  /** ISO 8601 */
  readonly at: string;
}

/** One session sends a handful of requests at most. */
const PAGES = 4;

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html */
const Recorded = z.object({
  eventID: z.string().min(1),
  eventTime: z.iso.datetime(),
  eventSource: z.string(),
  eventName: z.string(),
  awsRegion: z.string(),
  recipientAccountId: z.string(),
  userIdentity: z.object({ accessKeyId: z.string(), sessionContext: z.object({ sourceIdentity: z.string() }) }),
  // Any form of it is a no.
  errorCode: z.unknown().optional(),
  errorMessage: z.unknown().optional(),
});

/**
 * CloudTrail's word that AWS did what was asked for: an event without an error, of this action, by this ticket's
 * session. The attacker writes the database, and puts the key of another session into the ticket's intent. That there
 * is none proves nothing: events come minutes later, and not all are found.
 */
export async function acceptedRequest(
  { access_key, source_identity, action, since }: SentRequest,
  session: Session,
  { account, region }: Caller,
): Promise<TrailRecord | undefined> {
  const trail = session.client(CloudTrailClient, { answers: JSON_ANSWER });
  const [service, name] = action.split(':');
  let NextToken: string | undefined;
  for (let page = 0; page < PAGES; page++) {
    const command = new LookupEventsCommand({
      LookupAttributes: [{ AttributeKey: 'AccessKeyId', AttributeValue: access_key }],
      StartTime: new Date(since),
      ...(NextToken === undefined ? {} : { NextToken }),
    });
    const answer = await called(trail.send(command), 'LookupEvents');
    for (const { CloudTrailEvent } of answer.Events ?? []) {
      const event = readEvent(CloudTrailEvent);
      const ours =
        event?.userIdentity.accessKeyId === access_key &&
        event.userIdentity.sessionContext.sourceIdentity === source_identity &&
        event.eventSource === `${service}.amazonaws.com` &&
        event.eventName === name &&
        event.recipientAccountId === account &&
        event.awsRegion === region;
      if (ours && event.errorCode === undefined && event.errorMessage === undefined)
        return { event: event.eventID, at: event.eventTime };
    }
    NextToken = answer.NextToken;
    if (NextToken === undefined) break;
  }
  return undefined;
}

function readEvent(text: string | undefined): z.infer<typeof Recorded> | undefined {
  try {
    return Recorded.safeParse(JSON.parse(text ?? '')).data;
  } catch {
    return undefined;
  }
}
