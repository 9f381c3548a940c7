/** Instances as tools see them. Texts in results are AWS's own, unescaped. */
import type { LaunchReader, LaunchRequest } from './ec2-launch.ts';
import type { Filter, Query } from './ec2-query.ts';
import type { Page } from './pages.ts';

export interface BlockDevice {
  readonly device_name: string;
  readonly volume_id: string;
  readonly delete_on_termination: boolean;
}

export interface Instance {
  readonly instance_id: string;
  readonly instance_type: string;
  readonly state: string;
  readonly state_transition_reason?: string;
  /** Why AWS changed the state, `Client.VolumeLimitExceeded: …`. */
  readonly state_reason?: string;
  readonly image_id?: string;
  /** ISO 8601 */
  readonly launch_time?: string;
  readonly availability_zone?: string;
  readonly private_ip_address?: string;
  readonly public_ip_address?: string;
  readonly vpc_id?: string;
  readonly subnet_id?: string;
  readonly iam_instance_profile?: string;
  readonly security_groups: readonly { readonly id: string; readonly name: string }[];
  /** `ebs` or `instance-store` */
  readonly root_device_type: string;
  /** `spot`, `scheduled`, or absent */
  readonly instance_lifecycle?: string;
  readonly block_devices: readonly BlockDevice[];
  /** Beside the first one, which always goes with the instance. */
  readonly more_interfaces: readonly { readonly id: string; readonly delete_on_termination: boolean }[];
  readonly tags: Readonly<Record<string, string>>;
  readonly hardware: {
    readonly architecture?: string;
    readonly virtualization_type?: string;
    readonly hypervisor?: string;
    readonly ena?: boolean;
    /** Made so that it can hibernate: that can't be changed later. */
    readonly hibernation: boolean;
  };
  readonly spot_request_id?: string;
  readonly client_token?: string;
}

type Check = {
  /** `ok`, `impaired`, `initializing`, `insufficient-data`, `not-applicable` */
  readonly status: string;
  readonly failed?: readonly string[];
  /** ISO 8601 */
  readonly impaired_since?: string;
};

export type InstanceStatus = {
  readonly instance_id: string;
  readonly availability_zone?: string;
  readonly state: string;
  readonly instance_status: Check;
  readonly system_status: Check;
  readonly ebs_status?: Check;
  /** What AWS has planned for it; times are ISO 8601. */
  readonly events: readonly {
    readonly event_id?: string;
    readonly code: string;
    readonly description?: string;
    readonly not_before?: string;
    readonly not_after?: string;
    readonly deadline?: string;
  }[];
};

/** What plans need of an instance type. */
export interface InstanceTypeFacts {
  readonly instance_type: string;
  readonly architectures: readonly string[];
  readonly virtualization_types: readonly string[];
  readonly hypervisor?: string;
  readonly ena_required: boolean;
  /** 0: it has no instance store. */
  readonly instance_store_gb: number;
  /** What an instance has where nobody chose. */
  readonly default_cpu?: Cpu;
}

interface Cpu {
  readonly cores: number;
  readonly threads_per_core: number;
}

export interface ElasticIp {
  readonly allocation_id: string;
  readonly public_ip: string;
  readonly instance_id: string;
}

export interface SpotRequest {
  readonly spot_request_id: string;
  /** `one-time` or `persistent` */
  readonly type: string;
  readonly state: string;
}

/** What an instance was made with, or got since, beside what `Instance` tells. */
export interface LaunchedWith {
  readonly instance_id: string;
  readonly key_name?: string;
  readonly root_device?: string;
  /** Its metadata are given for tokens alone (IMDSv2). */
  readonly http_tokens_required: boolean;
  readonly user_data_bytes: number;
  /** `stop` or `terminate`: what a shutdown from within does. */
  readonly on_shutdown: string;
  readonly cpu?: Cpu;
  /** Whatever else AWS tells that someone chose for it. */
  readonly others: readonly string[];
}

export interface InstanceReader extends LaunchReader {
  /** All the named instances, in the order asked; throws `not_found` naming the first that isn't there. */
  instancesById(ids: readonly string[]): Promise<readonly Instance[]>;
  launchedWith(ids: readonly string[]): Promise<readonly LaunchedWith[]>;
  /** One page. */
  instances(query: Query): Promise<Page<Instance>>;
  /** All that match, from all pages. A filter, unlike a list of ids, doesn't fail for an instance that isn't there. */
  everyInstance(filters: readonly Filter[]): Promise<readonly Instance[]>;
  /** The protection flags of one instance. */
  protection(id: string): Promise<{ readonly disable_api_termination: boolean; readonly disable_api_stop: boolean }>;
  /** Of the named instances, as far as AWS checks them; throws `not_found` naming one that isn't there. */
  statusesById(ids: readonly string[]): Promise<readonly InstanceStatus[]>;
  /** One page, of instances in any state. */
  statuses(query: Query): Promise<Page<InstanceStatus>>;
  /** Stripped of terminal sequences and of what looks like a credential; empty where there is none yet. */
  consoleOutput(id: string, latest: boolean): Promise<{ readonly text: string; readonly at?: string }>;
  /** Those of the named types that AWS has in this region. */
  instanceTypes(types: readonly string[]): Promise<readonly InstanceTypeFacts[]>;
  /** The Elastic IPs of the named instances. */
  elasticIpsOf(ids: readonly string[]): Promise<readonly ElasticIp[]>;
  spotRequests(ids: readonly string[]): Promise<readonly SpotRequest[]>;
}

/** The state that AWS reports for an instance right after the request. */
export interface StateChange {
  readonly instance_id: string;
  readonly previous: string;
  readonly current: string;
}

export interface InstanceWriter {
  startInstances(ids: readonly string[]): Promise<readonly StateChange[]>;
  stopInstances(request: {
    readonly ids: readonly string[];
    readonly force: boolean;
    readonly hibernate: boolean;
  }): Promise<readonly StateChange[]>;
  terminateInstances(ids: readonly string[]): Promise<readonly StateChange[]>;
  rebootInstances(ids: readonly string[]): Promise<void>;
  /** Changes the one attribute that is given. */
  modifyInstance(
    id: string,
    change: { readonly instance_type: string } | { readonly disable_api_termination: boolean },
  ): Promise<void>;
  runInstances(request: LaunchRequest): Promise<void>;
}
