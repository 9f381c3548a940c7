import type { Rule, Rules } from './language.ts';
import type { Verdict } from './verdict.ts';

/**
 * A list of those that are let in or given something (addresses, accounts, clients, roles that get a policy): one more
 * than before is `expose`, one less `disrupt`.
 */
export const GRANTS: Rule = { standing: { each: 'modify', added: 'expose', lost: 'disrupt', reordered: 'modify' } };

/** The key that stored things are encrypted with. Without it what is there can't be read. */
export const KEY: Rules = ['uses', { settled: 'weaken' }];

/**
 * The same where those who read and write need a permission for the key themselves: with the first key of one's own
 * they are refused until they have it. AWS's own key of the service lets in all who may use the service here.
 */
export function callersKey(alias: string): Rules {
  const values: Readonly<Record<string, Verdict>> = { [alias]: 'modify' };
  return ['uses', { settled: 'weaken' }, { standing: { values, otherwise: 'disrupt' } }];
}

/** One of S3's four fences: where the others are given it is off unless it is said to be on. */
const FENCE: Rule = { values: { true: 'modify', false: 'expose' }, otherwise: 'expose' };

/** Off, it passes on packets that aren't for it; on again, what went through it (NAT, a firewall) stops. */
export const FORWARDING: Rule = { values: { false: 'expose', true: 'disrupt' }, otherwise: 'expose', absent: 'true' };

/**
 * S3's four fences. A new bucket that says nothing of them has them all.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
 */
export const PUBLIC_ACCESS_BLOCK: Rule = {
  stated: {
    members: {
      BlockPublicAcls: FENCE,
      BlockPublicPolicy: FENCE,
      IgnorePublicAcls: FENCE,
      RestrictPublicBuckets: FENCE,
    },
  },
};

/** Web pages of other origins may call it and read the answers. Capital letters as API Gateway and Lambda have them. */
export const CORS: Rule = {
  members: {
    AllowCredentials: { standing: 'opens' },
    AllowHeaders: { each: 'modify', added: 'modify', lost: 'disrupt', reordered: 'modify' },
    AllowMethods: GRANTS,
    AllowOrigins: GRANTS,
    ExposeHeaders: { each: 'modify', added: 'modify', lost: 'disrupt', reordered: 'modify' },
    MaxAge: 'modify',
  },
};

/**
 * Security groups that it joins. A group is an identity too: those who trust its members trust this one afterwards.
 * With what was there before, another group also says who may reach it.
 */
export const SECURITY_GROUPS: readonly Rule[] = ['acts-as', GRANTS];

/**
 * The same where AWS takes the default group of the network if none is named: all who are in that one let its members
 * in. The attacker places code of their own in production's subnet, and leaves the groups out.
 * @param subnet by which property it is placed
 * @param elsewhere other places that can name the groups
 */
export function defaultGroup(subnet: string, elsewhere: readonly string[] = []): Rule {
  return { among: [subnet], otherwise: { unsaid: 'expose', unless: elsewhere } };
}

/**
 * How something is written down or handed on, and where: its form, its name, what it begins with. Those who read it
 * look for it there, in that form.
 */
export const SHAPE: Rule = { standing: 'disrupt' };

/**
 * Whether what callers send and get is written into logs: those who may read these may read it.
 * @param off of a switch for debugging alone `modify`
 */
export function payloads(on: string, off: string, less: Verdict = 'weaken'): Rule {
  return { standing: { values: { [on]: 'expose', [off]: less }, otherwise: 'expose', absent: off } };
}

/**
 * Answers are kept and given again. Where nothing says who asks, one gets what was made for another; cached for the
 * first time it may be so.
 */
export const KEEPS_ANSWERS: Rule = {
  standing: { values: { true: 'expose', false: 'modify' }, otherwise: 'expose', absent: 'false' },
};

/** Where goes what failed. Without it AWS throws that away from then on. */
export const DEAD_LETTERS: Rules = ['acts', 'writes-to', { ends: 'delete' }];

/**
 * How long, or how often, AWS tries before it gives up: where one of `kept` is given what failed goes there, else it
 * is thrown away.
 */
export function attempts(absent: number, kept: readonly string[], endless?: number): Rule {
  const ends = endless === undefined ? {} : { endless };
  return {
    ...{ given: kept, is: { number: 'limits', absent, ...ends } },
    otherwise: { number: 'expires', absent, ...ends },
  };
}

/** Subnets, zones or addresses in which it runs: one less, and what runs there ends. */
export const PLACES: Rule = { each: 'modify', added: 'modify', lost: 'disrupt', reordered: 'modify' };

/** The same, of things that are named. */
export const PLACED_IN: Rules = ['uses', PLACES];

/**
 * Carries an image, user data and a profile:
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-launch-templates.html
 */
export const LAUNCH_TEMPLATE: Rule = {
  members: {
    LaunchTemplateId: 'acts-as',
    LaunchTemplateName: 'acts-as',
    Version: 'code',
  },
};

/**
 * Who may ask an instance for its role's credentials:
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html
 */
export const METADATA_OPTIONS: Rule = {
  members: {
    HttpEndpoint: { values: { enabled: 'modify', disabled: 'disrupt' }, otherwise: 'disrupt', absent: 'enabled' },
    HttpProtocolIpv6: { order: ['disabled', 'enabled'], less: 'disrupt', absent: 'disabled' },
    // More hops let containers and proxies ask; fewer cut them off.
    HttpPutResponseHopLimit: 'weaken',
    HttpTokens: { order: ['optional', 'required'], less: 'weaken', absent: 'optional' },
    InstanceMetadataTags: { order: ['disabled', 'enabled'], less: 'disrupt', absent: 'disabled' },
  },
};

/** Where tasks run; Events, Scheduler and Pipes write it with capital letters of their own. */
const TASK_NETWORK: Rule = {
  members: {
    AssignPublicIp: { values: { DISABLED: 'modify' }, otherwise: 'expose', absent: 'DISABLED' },
    SecurityGroups: 'acts-as',
    Subnets: 'uses',
  },
};

/** A task of ECS that is started by an event, a schedule or a pipe. */
export const ECS_TASK: Rule = {
  members: {
    CapacityProviderStrategy: 'disrupt',
    EnableECSManagedTags: 'modify',
    EnableExecuteCommand: { standing: 'opens' },
    Group: 'modify',
    LaunchType: 'disrupt',
    NetworkConfiguration: { members: { AwsVpcConfiguration: TASK_NETWORK, AwsvpcConfiguration: TASK_NETWORK } },
    Overrides: {
      members: {
        ContainerOverrides: 'code',
        Cpu: { number: 'limits', absent: 'fits' },
        EphemeralStorage: { members: { SizeInGiB: { number: 'limits', absent: 20 } } },
        ExecutionRoleArn: 'acts-as',
        InferenceAcceleratorOverrides: 'modify',
        Memory: { number: 'limits', absent: 'fits' },
        TaskRoleArn: 'acts-as',
      },
    },
    PlacementConstraints: 'disrupt',
    PlacementStrategies: 'modify',
    PlacementStrategy: 'modify',
    PlatformVersion: 'modify',
    PropagateTags: 'modify',
    ReferenceId: 'modify',
    TagList: 'modify',
    Tags: 'modify',
    TaskCount: { number: 'capacity', absent: 1 },
    // A task has its definition's role.
    TaskDefinitionArn: ['acts-as', 'code'],
  },
};
