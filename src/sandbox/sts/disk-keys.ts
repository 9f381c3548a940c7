import type { Region } from '../cloud.ts';
import { instancesIn, volumesIn } from '../ec2/state.ts';
import type { Wanted } from '../iam/policy.ts';

type Input = Readonly<Record<string, unknown>>;

/**
 * What encrypted disks need of their key: a data key when one is made, a grant when one is attached or its instance
 * starts. AWS says yes to such a start and stops the instance again; here it is refused.
 * https://docs.aws.amazon.com/ebs/latest/userguide/how-ebs-encryption-works.html
 */
export function keyWants(action: string, input: Input, region: Region, accountId: string): readonly Wanted[] {
  const wanted = (name: string, more: Readonly<Record<string, string>> = {}): Wanted => ({
    action: `kms:${name}`,
    resource: `arn:aws:kms:${region.name}:${accountId}:key/of-disks`,
    context: { 'kms:ViaService': `ec2.${region.name}.amazonaws.com`, ...more },
  });
  const grant = wanted('CreateGrant', { 'kms:GrantIsForAWSResource': 'true' });
  switch (action) {
    case 'CreateVolume':
      return input.Encrypted === true ? [wanted('GenerateDataKeyWithoutPlaintext')] : [];
    case 'AttachVolume':
      return isEncrypted(region, input.VolumeId) ? [grant] : [];
    case 'StartInstances': {
      const ids = Array.isArray(input.InstanceIds) ? input.InstanceIds : [];
      const attached = ids.flatMap((id) => instancesIn(region).get(String(id))?.attachments ?? []);
      return attached.some(({ volumeId }) => isEncrypted(region, volumeId)) ? [grant] : [];
    }
    default:
      return [];
  }
}

function isEncrypted(region: Region, id: unknown): boolean {
  return volumesIn(region).get(String(id))?.encrypted === true;
}
