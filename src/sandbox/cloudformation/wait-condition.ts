import type { ResourceHandler } from './resource.ts';

/** Seconds, where a wait condition names none. */
const DEFAULT_TIMEOUT = 300;

/**
 * It is made once it was signalled, and failed when nobody did within its `Timeout`: here nobody ever does, so that an
 * update with a new one stays under way until then, or until someone cancels it.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-waitcondition.html
 */
export const waitCondition: ResourceHandler = {
  create({ cloud, stack }, { logicalId, properties }) {
    const made = { physicalId: `${stack.id}/${logicalId}` };
    // Those of a CreationPolicy, which needs no handle, aren't imitated. What is there already was signalled; in a copy
    // nothing takes time.
    if (properties.Handle === undefined) return made;
    if (cloud.tolerant || cloud.makeUp) {
      cloud.makeUp?.(`the signals that ${logicalId} waits for`);
      return made;
    }
    const until = cloud.time() + Number(properties.Timeout ?? DEFAULT_TIMEOUT) * 1_000;
    const failure = () =>
      `WaitCondition timed out. Received 0 conditions when expecting ${Number(properties.Count ?? 1)}`;
    return { ...made, following: { until, pending: () => cloud.time() < until, failure } };
  },
};
