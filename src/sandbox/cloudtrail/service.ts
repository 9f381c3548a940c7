import { LookupEvents$, type LookupEventsRequest, type LookupEventsResponse } from '@aws-sdk/client-cloudtrail';
import { ApiFailure } from '../wire/failure.ts';
import { page } from '../wire/paging.ts';
import { type Context, operation, type ServiceDefinition } from '../wire/service.ts';

/**
 * By access key alone, newest first; here a request is in the trail at once, in AWS after some minutes.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
function lookupEvents(input: LookupEventsRequest, { cloud, region }: Context): LookupEventsResponse {
  const [attribute, ...more] = input.LookupAttributes ?? [];
  if (!attribute || more.length > 0 || attribute.AttributeKey !== 'AccessKeyId')
    throw new ApiFailure('InvalidLookupAttributesException', 'sandbox: events are found by one AccessKeyId');
  // In JSON a time is a number of seconds.
  const [from, to] = [input.StartTime, input.EndTime].map((time) => (time === undefined ? undefined : Number(time)));
  const found = cloud.trail.filter(
    ({ access_key, region: where, at }) =>
      access_key === attribute.AttributeValue &&
      where === region.name &&
      at >= 1000 * (from ?? 0) &&
      at <= 1000 * (to ?? Number.POSITIVE_INFINITY),
  );
  const { items, NextToken } = page(found.reverse(), input.NextToken, input.MaxResults ?? 50);
  return {
    Events: items.map(({ id, at, access_key, text }) => ({
      EventId: id,
      EventTime: Math.floor(at / 1000) as unknown as Date,
      AccessKeyId: access_key,
      CloudTrailEvent: text,
    })),
    ...(NextToken === undefined ? {} : { NextToken }),
  };
}

export const cloudtrail: ServiceDefinition = {
  name: 'cloudtrail',
  version: 'CloudTrail_20131101',
  protocol: 'awsJson',
  namespace: '',
  operations: [operation(LookupEvents$, lookupEvents)],
};
