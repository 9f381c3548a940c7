/** What a launch of instances is made of, and what it lands in, as tools see it. */

export interface LaunchImage {
  readonly image_id: string;
  readonly state: string;
  readonly name?: string;
  readonly owner?: string;
  readonly public: boolean;
  readonly architecture?: string;
  readonly virtualization_type?: string;
  readonly ena?: boolean;
  /** The devices at which new instances get a volume. */
  readonly devices: readonly string[];
}

/** A disk of a new instance that is not as its image has it. */
export interface LaunchDisk {
  readonly device: string;
  readonly size?: number;
  readonly volume_type?: string;
  readonly iops?: number;
  readonly throughput?: number;
  readonly encrypted?: true;
  readonly delete_on_termination?: boolean;
  /** There is none at that device, whatever the image has. */
  readonly none?: true;
}

export interface LaunchSubnet {
  readonly subnet_id: string;
  readonly vpc_id: string;
  readonly availability_zone?: string;
  readonly state: string;
  /** What it gives to every new instance by itself. */
  readonly public_ipv4: boolean;
  readonly ipv6: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

export interface LaunchGroup {
  readonly group_id: string;
  readonly group_name: string;
  readonly vpc_id: string;
  /**
   * `tcp 22-22 0.0.0.0/0`: one for each protocol, ports and peer; the peer is a CIDR, a group, or a prefix list.
   * Sorted.
   */
  readonly ingress: readonly string[];
  /** The CIDRs and prefix lists that may come in. Sorted. */
  readonly peers: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

/** A network interface as a launch template describes it. */
export interface LaunchInterface {
  /** One that is there already. */
  readonly network_interface_id?: string;
  readonly subnet_id?: string;
  readonly security_group_ids: readonly string[];
  readonly public_ipv4?: boolean;
  readonly ipv6: boolean;
}

/** One version of a launch template; versions never change. */
export interface LaunchTemplate {
  readonly image_id?: string;
  readonly instance_type?: string;
  readonly security_group_ids: readonly string[];
  readonly interfaces: readonly LaunchInterface[];
  readonly iam_instance_profile?: string;
  readonly has_user_data: boolean;
  readonly spot: boolean;
  /** Groups that it names by name, which may be anyone's. */
  readonly security_group_names: readonly string[];
}

export interface LaunchReader {
  /** Each throws `not_found`. */
  launchImage(id: string): Promise<LaunchImage>;
  launchSubnet(id: string): Promise<LaunchSubnet>;
  launchGroups(ids: readonly string[]): Promise<readonly LaunchGroup[]>;
  /** The group that a VPC gives to instances for which none is named. */
  defaultGroup(vpc: string): Promise<LaunchGroup>;
  launchTemplate(id: string, version: string): Promise<LaunchTemplate>;
  /**
   * By its id or name, and a number, `$Latest` or `$Default`: the version that this is now. Undefined where there is
   * none.
   */
  launchTemplateNow(idOrName: string, version: string): Promise<PresentLaunchTemplate | undefined>;
}

export interface PresentLaunchTemplate {
  readonly launch_template_id: string;
  readonly version: number;
  readonly template: LaunchTemplate;
  /** Of all that it says, user data included. */
  readonly sha256: string;
}

export interface LaunchRequest {
  readonly token: string;
  readonly count: number;
  readonly image_id: string;
  readonly instance_type: string;
  readonly subnet_id?: string;
  readonly security_group_ids?: readonly string[];
  readonly associate_public_ip_address?: boolean;
  readonly key_name?: string;
  /** Name or ARN. */
  readonly iam_instance_profile?: string;
  readonly launch_template?: { readonly id: string; readonly version: string };
  readonly block_devices?: readonly LaunchDisk[];
  readonly http_tokens?: 'required';
  readonly disable_api_termination?: boolean;
  readonly tags: Readonly<Record<string, string>>;
}
