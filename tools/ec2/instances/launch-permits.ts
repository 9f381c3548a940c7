import type { PlanRecord } from '../../../src/kernel/plan.ts';
import { type Permission, type Permits, partitionOf, placeOf } from '../../session/permits.ts';
import { ec2Arn } from '../network/target.ts';
import { anyOf, keysOfDisks, taggingIn } from '../permits.ts';

/** What a launch makes beside the instances. */
const MADE = ['instance', 'volume', 'network-interface'] as const;

/** What a launch template may name, beside what planning looked up; its version never changes. */
const BY_TEMPLATE = ['snapshot', 'placement-group', 'capacity-reservation', 'network-interface'] as const;

interface LaunchPlan extends Pick<PlanRecord, 'caller_arn' | 'account' | 'region'> {
  readonly arguments: {
    readonly key_name?: string;
    readonly iam_instance_profile?: string;
    readonly launch_template_id?: string;
  };
  /** By the ids of image, subnets and groups, beside `launch`. */
  readonly guard: { readonly launch: { readonly image_id: string; readonly instance_type: string } };
}

/**
 * One image and type, in the subnets and groups that planning found.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html#iam-example-runinstances
 */
export function launchPermits(plan: LaunchPlan): Permits {
  const { key_name, iam_instance_profile: profile, launch_template_id: template } = plan.arguments;
  const place = placeOf(plan);
  const [partition, own] = [partitionOf(place), `${place.region}:${place.account}`];
  const { image_id, instance_type } = plan.guard.launch;
  const named = Object.keys(plan.guard).filter((id) => /^(subnet|sg)-/.test(id));
  const resources = [
    ...[image_id, ...named].map((id) => ec2Arn(id, place)),
    ...MADE.filter((kind) => kind !== 'instance').map((kind) => anyOf(kind, place)),
    ...(key_name === undefined ? [] : [`arn:${partition}:ec2:${own}:key-pair/${key_name}`]),
    ...(template === undefined
      ? []
      : [
          `arn:${partition}:ec2:${own}:launch-template/${template}`,
          `arn:${partition}:ec2:${own}:key-pair/*`,
          ...BY_TEMPLATE.map((kind) => anyOf(kind, place)),
        ]),
  ];
  return {
    permissions: [
      { actions: ['ec2:RunInstances'], resources: [...new Set(resources)] },
      {
        actions: ['ec2:RunInstances'],
        resources: [anyOf('instance', place)],
        when: { StringEquals: { 'ec2:InstanceType': instance_type } },
      },
      taggingIn('RunInstances', MADE, place),
      ...keysOfDisks(place),
      ...(profile === undefined && template === undefined
        ? []
        : [passingTo(`arn:${partition}:iam::${place.account}:role/*`)]),
    ],
  };
}

/** A profile is named, and its role is what is passed: which one, only AWS knows at that moment. */
function passingTo(roles: string): Permission {
  return {
    actions: ['iam:PassRole'],
    resources: [roles],
    when: { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
  };
}
