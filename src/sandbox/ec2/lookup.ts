import type { Region } from '../cloud.ts';
import { ApiFailure } from '../wire/failure.ts';
import type { Instance, Volume } from './model.ts';
import { instancesIn, volumesIn } from './state.ts';

/**
 * EC2's own check that the caller may: the sandbox lets everyone.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/CommonParameters.html
 */
export function stopAtDryRun(input: { DryRun?: boolean | undefined }): void {
  if (!input.DryRun) return;
  throw new ApiFailure('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
}

export function find<T>(
  items: ReadonlyMap<string, T>,
  ids: readonly string[],
  words: { prefix: string; code: string; noun: string; malformed?: string },
): T[] {
  const malformed = ids.find((id) => !new RegExp(`^${words.prefix}-([0-9a-f]{8}|[0-9a-f]{17})$`).test(id));
  if (malformed !== undefined)
    throw new ApiFailure(`${words.malformed ?? words.code}.Malformed`, `Invalid id: "${malformed}"`);
  const missing = ids.filter((id) => !items.has(id));
  if (missing.length > 0) {
    const [noun, verb] = missing.length === 1 ? [`${words.noun} ID`, 'does'] : [`${words.noun} IDs`, 'do'];
    throw new ApiFailure(`${words.code}.NotFound`, `The ${noun} '${missing.join(', ')}' ${verb} not exist`);
  }
  return [...new Set(ids)].flatMap((id) => items.get(id) ?? []);
}

/** Each instance once. @throws ApiFailure InvalidInstanceID.Malformed, InvalidInstanceID.NotFound */
export function instancesById(region: Region, ids: readonly string[]): Instance[] {
  return find(instancesIn(region), ids, { prefix: 'i', code: 'InvalidInstanceID', noun: 'instance' });
}

/** @throws ApiFailure MissingParameter */
export function requiredIds(ids: readonly string[] | undefined): readonly string[] {
  if (ids && ids.length > 0) return ids;
  throw new ApiFailure('MissingParameter', 'The request must contain the parameter InstanceId');
}

/** @throws ApiFailure InvalidVolumeID.Malformed, InvalidVolume.NotFound */
export function volumesById(region: Region, ids: readonly string[]): Volume[] {
  return find(volumesIn(region), ids, {
    prefix: 'vol',
    code: 'InvalidVolume',
    malformed: 'InvalidVolumeID',
    noun: 'volume',
  });
}
