import { sha256 } from '../../../src/kernel/digest.ts';
import { bounded } from '../../../src/kernel/safe-text.ts';
import type { Attempt, Observation, Readers, ResourceOutcome } from '../../define.ts';
import type { Instance } from '../../ports/ec2-instances.ts';
import { madeBy } from '../tags/ticket-tag.ts';
import { instanceArn } from './target.ts';

/**
 * What became of a launch: its instances carry the ticket's tag since they are there, and AWS tells the token that they
 * came by. A tag can be put on by others ("launch more like this" copies it); the token of its launch can't.
 */
export async function observeLaunch(count: number, readers: Readers, attempt: Attempt): Promise<Observation> {
  const tagged = await readers.ec2.everyInstance(madeBy(attempt));
  const found = tagged
    .filter(({ client_token }) => client_token === attempt.token)
    .sort((a, b) => (a.instance_id < b.instance_id ? -1 : 1));
  const others = tagged.length - found.length;
  const moving = found.filter(({ state }) => state === 'pending').length;
  if (moving > 0) return { state: 'pending', detail: `${moving} of ${count} instances are starting` };
  const resources = found.map((instance) => outcomeOf(instance, readers));
  if (found.length < count) {
    const detail =
      found.length === 0
        ? `no trace that the request arrived: there is no instance of this ticket${others > 0 ? ` (${others} with its tag came by another launch)` : ''}`
        : `${found.length} of ${count} instances are listed`;
    return { state: 'unknown', evidence: 'request', detail, resources };
  }
  const failed = resources.filter(({ outcome }) => outcome === 'failed').length;
  return failed === 0
    ? { state: 'succeeded', evidence: 'request', detail: `launched: ${found.length} instances`, resources }
    : {
        state: 'failed',
        evidence: 'request',
        detail: `${failed} of ${found.length} instances were ended by AWS`,
        resources,
      };
}

function outcomeOf(instance: Instance, { caller }: Readers): ResourceOutcome {
  const { instance_id, state, state_reason = 'AWS gives no reason', state_transition_reason: why = '' } = instance;
  const resource = instanceArn(instance_id, caller);
  const over = state === 'terminated' || state === 'shutting-down';
  if (!over) return { resource, outcome: 'succeeded', detail: state };
  if (/^User initiated/i.test(why))
    return { resource, outcome: 'succeeded', detail: `launched, and terminated by somebody since: ${state}` };
  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/troubleshooting-launch.html
  return { resource, outcome: 'failed', detail: `${state}: ${bounded(state_reason, 200, sha256)}` };
}
