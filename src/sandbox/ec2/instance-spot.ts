/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-request-status.html, "Spot request states" */

import { randomBytes } from 'node:crypto';
import type {
  DescribeSpotInstanceRequestsRequest,
  DescribeSpotInstanceRequestsResult,
  SpotInstanceState,
} from '@aws-sdk/client-ec2';
import { ApiFailure } from '../wire/failure.ts';
import type { Context } from '../wire/service.ts';
import { stopAtDryRun } from './lookup.ts';
import type { Instance, SpotRequest } from './model.ts';
import { instancesIn } from './state.ts';

export function spotRequest(type: SpotRequest['type']): SpotRequest {
  return { id: `sir-${randomBytes(4).toString('hex')}`, type };
}

/** A stopped instance disables its request; one that goes leaves a persistent request open, and closes any other. */
function stateOf({ state }: Instance, { type }: SpotRequest): SpotInstanceState {
  if (state === 'stopped' || state === 'stopping') return 'disabled';
  if (state === 'terminated') return type === 'persistent' ? 'open' : 'closed';
  return 'active';
}

/** @throws ApiFailure InvalidSpotInstanceRequestID.NotFound */
export function describeSpotInstanceRequests(
  input: DescribeSpotInstanceRequestsRequest,
  { region }: Context,
): DescribeSpotInstanceRequestsResult {
  const wanted = input.SpotInstanceRequestIds ?? [];
  const all = [...instancesIn(region).values()].flatMap((instance) =>
    instance.spot ? [{ instance, request: instance.spot }] : [],
  );
  const missing = wanted.find((id) => !all.some(({ request }) => request.id === id));
  if (missing !== undefined) {
    throw new ApiFailure(
      'InvalidSpotInstanceRequestID.NotFound',
      `The spot instance request ID '${missing}' does not exist`,
    );
  }
  stopAtDryRun(input);
  return {
    SpotInstanceRequests: all
      .filter(({ request }) => wanted.length === 0 || wanted.includes(request.id))
      .map(({ instance, request }) => ({
        SpotInstanceRequestId: request.id,
        InstanceId: instance.id,
        Type: request.type,
        State: stateOf(instance, request),
      })),
  };
}
