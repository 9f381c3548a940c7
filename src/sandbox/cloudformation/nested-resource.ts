/**
 * Stacks within stacks, as resources that are made, changed and removed.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/change-sets-for-nested-stacks.html
 */
import type { Cloud, Region } from '../cloud.ts';
import { ApiFailure } from '../wire/failure.ts';
import { planChanges } from './changes.ts';
import { startCreate } from './create.ts';
import { startDelete } from './delete.ts';
import { type DeploymentInput, prepareDeployment } from './deployment.ts';
import type { Deployment, Stack } from './model.ts';
import { isUnseen, nestedInput, shellFor } from './nested-input.ts';
import { type Following, ResourceFailure, type ResourceHandler } from './resource.ts';
import { stacksIn } from './state.ts';
import { startUpdate } from './update.ts';

/**
 * What a nested stack was before the update that is under way: an update of the stack around it may have to go back.
 */
const earlier = new WeakMap<Stack, Deployment>();

function prepared(cloud: Cloud, region: Region, child: Stack, input: DeploymentInput): Deployment {
  try {
    return prepareDeployment(cloud, region, child, input);
  } catch (error) {
    if (error instanceof ApiFailure) throw new ResourceFailure(error.message);
    throw error;
  }
}

/** Done when the nested stack is; failed when it isn't in the wanted state by then. */
function following(child: Stack, wanted: RegExp): Following {
  return {
    pending: () => child.current !== undefined,
    failure: () =>
      wanted.test(child.status) ? undefined : `Embedded stack ${child.id} is ${child.status}: ${child.reason ?? ''}`,
  };
}

export const nestedStack: ResourceHandler = {
  create({ cloud, region, stack }, { logicalId, properties }) {
    if (isUnseen(cloud, properties)) {
      cloud.makeUp?.(`the template of ${logicalId}, which is at an address`);
      return { physicalId: `${stack.name}-${logicalId}` };
    }
    const child = shellFor(cloud, region, stack, logicalId);
    const deployment = prepared(cloud, region, child, nestedInput(properties, stack));
    startCreate(cloud, region, child, deployment, { token: stack.current?.token, onFailure: 'ROLLBACK' });
    return { physicalId: child.id, following: following(child, /^CREATE_COMPLETE$/) };
  },

  adapt({ cloud, region, stack }, physicalId, { properties }) {
    const child = stacksIn(region).get(physicalId);
    if (!child && isUnseen(cloud, properties)) return undefined;
    if (!child) throw new ResourceFailure(`Embedded stack ${physicalId} does not exist`);
    const deployment = prepared(cloud, region, child, nestedInput(properties, stack));
    if (!planChanges(cloud, region, child, deployment).effective) return undefined;
    const { template, parameters, tags, capabilities, roleArn, notificationArns, rollbackConfiguration } = child;
    const given = { parameters, tags, capabilities, roleArn, notificationArns, rollbackConfiguration };
    if (template) earlier.set(child, { template, ...given });
    startUpdate(cloud, region, child, deployment, { token: stack.current?.token, disableRollback: false });
    return following(child, /^UPDATE_COMPLETE$/);
  },

  rollBack({ cloud, region, stack }, physicalId) {
    const child = stacksIn(region).get(physicalId);
    const before = child && earlier.get(child);
    if (!child || !before || child.status !== 'UPDATE_COMPLETE') return;
    startUpdate(cloud, region, child, before, { token: stack.current?.token, disableRollback: true });
  },

  remove({ cloud, region, stack }, { physicalId }) {
    const child = stacksIn(region).get(physicalId);
    if (!child || child.status === 'DELETE_COMPLETE') return undefined;
    startDelete(cloud, region, child, { token: stack.current?.token, retain: [] });
    return following(child, /^DELETE_COMPLETE$/);
  },

  attribute(region, physicalId, name) {
    if (!name.startsWith('Outputs.')) return undefined;
    const key = name.slice('Outputs.'.length);
    return stacksIn(region)
      .get(physicalId)
      ?.outputs.find(({ OutputKey }) => OutputKey === key)?.OutputValue;
  },
};
