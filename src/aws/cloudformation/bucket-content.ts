import type { S3Client } from '@aws-sdk/client-s3';
import type { BucketContent } from '../../../tools/ports/deletion-obstacles.ts';
import { awsError, isUnanswerable, notAws } from '../request/errors.ts';

/** What S3 answers for a bucket that is someone else's, or in another region. */
const ELSEWHERE =
  /^(AllAccessDisabled|PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraintException)$/;

/**
 * Asks for one version of one object: a bucket that isn't versioned has them too, and delete markers keep a bucket from
 * being deleted as objects do. https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
 */
export async function bucketContent(client: S3Client, bucket: string): Promise<BucketContent> {
  const { ListObjectVersionsCommand } = await import('@aws-sdk/client-s3');
  try {
    const answer = await client.send(new ListObjectVersionsCommand({ Bucket: bucket, MaxKeys: 1 }));
    if (answer.Name !== bucket) throw notAws('ListObjectVersions', 200, 'a listing of no bucket');
    return (answer.Versions ?? []).length + (answer.DeleteMarkers ?? []).length > 0 ? 'not_empty' : 'empty';
  } catch (error) {
    const code = error instanceof Error ? error.name : '';
    if (code === 'NoSuchBucket') return 'gone';
    const mapped = awsError(error, 'ListObjectVersions');
    if (ELSEWHERE.test(code) || isUnanswerable(mapped)) return 'not_known';
    throw mapped;
  }
}
