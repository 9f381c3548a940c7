/** Instances as tools see them. Texts in results are AWS's own, unescaped. */

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
  readonly image_id?: string;
  /** ISO 8601 */
  readonly launch_time?: string;
  readonly availability_zone?: string;
  readonly private_ip_address?: string;
  readonly public_ip_address?: string;
  readonly vpc_id?: string;
  readonly subnet_id?: string;
  readonly security_groups: readonly { readonly id: string; readonly name: string }[];
  /** `ebs` or `instance-store` */
  readonly root_device_type: string;
  readonly instance_lifecycle?: string;
  readonly block_devices: readonly BlockDevice[];
  readonly tags: Readonly<Record<string, string>>;
}

export interface Filter {
  readonly name: string;
  readonly values: readonly string[];
}

export interface InstanceReader {
  /** All the named instances, in the order asked; throws `not_found` naming the first that isn't there. */
  instancesById(ids: readonly string[]): Promise<readonly Instance[]>;
  /** One page. */
  instances(options: {
    readonly filters: readonly Filter[];
    readonly cursor?: string;
    readonly limit: number;
  }): Promise<{ readonly items: readonly Instance[]; readonly cursor?: string }>;
  /** The protection flags of one instance. */
  protection(id: string): Promise<{ readonly disable_api_termination: boolean; readonly disable_api_stop: boolean }>;
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
}
