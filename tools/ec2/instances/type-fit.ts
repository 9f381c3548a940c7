import type { InstanceTypeFacts } from '../../ports/ec2-instances.ts';

/** What an instance, or the image that it comes from, is made for. */
interface Made {
  readonly architecture?: string;
  readonly virtualization_type?: string;
  /** Absent: not told. */
  readonly ena?: boolean;
}

/**
 * Why the type can't run what is made so; undefined when nothing speaks against it.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resize-limitations.html
 */
export function misfitOf(
  type: InstanceTypeFacts,
  { architecture, virtualization_type, ena }: Made,
): string | undefined {
  const { architectures, virtualization_types, instance_type } = type;
  if (architecture !== undefined && architectures.length > 0 && !architectures.includes(architecture))
    return `it is made for ${architecture}, and ${instance_type} is ${architectures.join(' or ')}`;
  if (virtualization_type !== undefined && virtualization_types.length > 0) {
    if (!virtualization_types.includes(virtualization_type))
      return `its virtualization is ${virtualization_type}, and ${instance_type} takes ${virtualization_types.join(' or ')}`;
  }
  return type.ena_required && ena === false ? `${instance_type} needs ENA, which isn't enabled on it` : undefined;
}
