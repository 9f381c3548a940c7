import type { EventCode } from '@aws-sdk/client-ec2';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import type { Cloud, Region } from './cloud.ts';
import { startCreate } from './cloudformation/create.ts';
import { prepareDeployment } from './cloudformation/deployment.ts';
import { createdStack } from './cloudformation/stack.ts';
import { launch, stop } from './ec2/instances.ts';
import { takeSnapshot } from './ec2/snapshots.ts';
import { createVolume } from './ec2/volumes.ts';
import { ec2Id } from './ids.ts';
import { groupIds, SeedNetwork, seedNetwork } from './seed-network.ts';

const Tags = z.record(z.string(), z.string());

const Stack = z.strictObject({
  name: z.string().regex(/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/),
  /** A template as text, or written out in place. */
  template: z.union([z.string(), z.record(z.string(), z.unknown())]),
  parameters: z.record(z.string(), z.string()).optional(),
  tags: Tags.optional(),
  terminationProtection: z.boolean().optional(),
  /** Logical ids of resources that someone changed outside the stack. */
  drifted: z.array(z.string()).optional(),
});

const Instance = z.strictObject({
  imageId: z.string().optional(),
  instanceType: z.string().optional(),
  /** How many alike. */
  count: z.int().min(1).max(1000).optional(),
  availabilityZone: z.string().optional(),
  state: z.enum(['running', 'stopped']).optional(),
  tags: Tags.optional(),
  disableApiTermination: z.boolean().optional(),
  disableApiStop: z.boolean().optional(),
  rootDevice: z.enum(['ebs', 'instance-store']).optional(),
  hibernation: z.boolean().optional(),
  spot: z.enum(['one-time', 'persistent']).optional(),
  instanceProfile: z.string().optional(),
  /** Has an address of its own from the public ones. */
  publicAddress: z.boolean().optional(),
  /** Its status check fails. */
  impaired: z.boolean().optional(),
  /** What AWS has planned for it. */
  event: z
    .enum(['instance-reboot', 'system-reboot', 'system-maintenance', 'instance-retirement', 'instance-stop'])
    .optional(),
  /** What it wrote on its console. */
  console: z.string().optional(),
  /** By name. Absent: the default group. */
  securityGroups: z.array(z.string()).optional(),
});

const Volume = z.strictObject({
  size: z.int().min(1).max(65_536).optional(),
  type: z.string().optional(),
  availabilityZone: z.string().optional(),
  tags: Tags.optional(),
  /** How many snapshots of it there are. */
  snapshots: z.int().min(0).max(100).optional(),
});

const Seed = z.strictObject({
  region: z.string().optional(),
  /** What `TemplateURL` finds, by URL. */
  templates: z.record(z.string(), z.union([z.string(), z.record(z.string(), z.unknown())])).optional(),
  stacks: z.array(Stack).optional(),
  instances: z.array(Instance).optional(),
  volumes: z.array(Volume).optional(),
  ...SeedNetwork,
});

/** What is there before the first request. Everything in it is settled: stacks are complete, instances run. */
export type SandboxSeed = z.infer<typeof Seed>;

/** Reads a seed in JSON or YAML. @throws Error naming the first key that is wrong */
export function parseSeed(text: string): SandboxSeed {
  const document = parseDocument(text);
  const problem = document.errors[0];
  if (problem) throw new Error(`sandbox seed: ${problem.message}`);
  const result = Seed.safeParse(document.toJS() ?? {});
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  throw new Error(
    `sandbox seed: ${[...(issue?.path ?? []), ...unknown].join('.') || 'the document'}: ${issue?.message}`,
  );
}

const tagShapes = (tags: Record<string, string> = {}) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

function templateText(template: string | Record<string, unknown>): string {
  return typeof template === 'string' ? template : JSON.stringify(template, undefined, 2);
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-instances-status-check_sched.html */
function plannedEvent(cloud: Cloud, code: EventCode) {
  const notBefore = new Date(cloud.time() + 14 * 86_400_000);
  return { id: ec2Id('instance-event'), code, description: `The instance is scheduled for ${code}`, notBefore };
}

/**
 * Puts the seed into a region of a cloud whose clock stands still while it does.
 * @throws ApiFailure for a bad template
 */
export function applySeed(cloud: Cloud, region: Region, seed: SandboxSeed): void {
  for (const [url, template] of Object.entries(seed.templates ?? {})) cloud.templates.set(url, templateText(template));
  for (const { name, template, parameters = {}, tags, terminationProtection, drifted = [] } of seed.stacks ?? []) {
    const stack = createdStack(cloud, region, name);
    const deployment = prepareDeployment(cloud, region, stack, {
      TemplateBody: templateText(template),
      Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      })),
      Tags: tagShapes(tags),
      Capabilities: ['CAPABILITY_NAMED_IAM'],
    });
    stack.terminationProtection = terminationProtection ?? false;
    startCreate(cloud, region, stack, deployment, { token: undefined, onFailure: 'DO_NOTHING' });
    cloud.settle();
    if (stack.status !== 'CREATE_COMPLETE') {
      const failed = stack.events.find(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED');
      throw new Error(
        `sandbox seed: stack ${name}: ${failed?.ResourceStatusReason ?? `it is ${stack.status}, and nothing signals a wait condition here`}`,
      );
    }
    for (const id of drifted) {
      const resource = stack.resources.get(id);
      if (!resource) throw new Error(`sandbox seed: stack ${name} has no ${id} that could have drifted`);
      resource.drift = 'MODIFIED';
    }
  }
  seedNetwork(region, seed);
  for (const instance of seed.instances ?? []) {
    const reservationId = ec2Id('r');
    for (let index = 0; index < (instance.count ?? 1); index++) {
      const made = launch(cloud, region, {
        imageId: instance.imageId ?? 'ami-0abcdef1234567890',
        type: instance.instanceType ?? 't3.micro',
        reservationId,
        tags: tagShapes(instance.tags),
        zone: instance.availabilityZone,
        disableApiTermination: instance.disableApiTermination,
        disableApiStop: instance.disableApiStop,
        rootDevice: instance.rootDevice,
        hibernation: instance.hibernation,
        spot: instance.spot,
        profileArn:
          instance.instanceProfile && `arn:aws:iam::${cloud.accountId}:instance-profile/${instance.instanceProfile}`,
        isPublic: instance.publicAddress,
        impaired: instance.impaired,
        events: instance.event && [plannedEvent(cloud, instance.event)],
        console: instance.console,
        securityGroupIds: groupIds(region, instance.securityGroups),
      });
      cloud.settle();
      if (instance.state === 'stopped') stop(cloud, made);
      cloud.settle();
    }
  }
  for (const { size = 8, type = 'gp3', availabilityZone, tags, snapshots = 0 } of seed.volumes ?? []) {
    const zone = availabilityZone ?? `${region.name}a`;
    const volume = createVolume(cloud, region, { size, type, zone }, tagShapes(tags));
    cloud.settle();
    for (let index = 0; index < snapshots; index++) {
      takeSnapshot(cloud, region, volume, { description: '', tags: [] });
      cloud.settle();
    }
  }
}
