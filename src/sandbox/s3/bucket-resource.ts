import { ResourceFailure, type ResourceHandler } from '../cloudformation/resource.ts';
import { objectsIn } from './state.ts';

export const bucketResource: ResourceHandler = {
  remove({ region }, { physicalId }) {
    if ((objectsIn(region).get(physicalId)?.size ?? 0) === 0) return undefined;
    throw new ResourceFailure(
      'The bucket you tried to delete is not empty. You must delete all versions in the bucket. (Service: S3, Status Code: 409)',
    );
  },
};
