/**
 * The little of S3's REST interface that says whether a bucket holds anything: listings, putting and deleting an
 * object. Buckets are those that stacks made. By path only.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
 */

import type { Region } from '../cloud.ts';
import { identifiersIn } from '../cloudformation/state.ts';
import { escapeXml } from '../wire/encode.ts';
import { ApiFailure } from '../wire/failure.ts';
import { objectsIn } from './state.ts';

const BUCKET = 'AWS::S3::Bucket';
const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

export interface BucketRequest {
  readonly method: string;
  readonly url: URL;
}

/** The name that the operation has in the request log and in faults. */
export function bucketAction({ method, url }: BucketRequest): string {
  const [, , key = ''] = url.pathname.split('/', 3);
  if (method === 'PUT' && key !== '') return 'PutObject';
  if (method === 'DELETE' && key !== '') return 'DeleteObject';
  if (method === 'GET' && key === '') return url.searchParams.has('versions') ? 'ListObjectVersions' : 'ListObjectsV2';
  return 'unknown';
}

/**
 * @returns the body of the answer, empty for none.
 * @throws ApiFailure NoSuchBucket, NotImplemented
 */
export function answerBucket(region: Region, request: BucketRequest): string {
  const { url } = request;
  const [bucket = '', ...rest] = url.pathname.slice(1).split('/').map(decodeURIComponent);
  const key = rest.join('/');
  if (!identifiersIn(region).has(`${BUCKET} ${bucket}`))
    throw new ApiFailure('NoSuchBucket', 'The specified bucket does not exist', 404);
  const keys = objectsIn(region).get(bucket) ?? new Set();
  objectsIn(region).set(bucket, keys);
  switch (bucketAction(request)) {
    case 'PutObject':
      keys.add(key);
      return '';
    case 'DeleteObject':
      keys.delete(key);
      return '';
    case 'ListObjectVersions':
      return listing(
        'ListVersionsResult',
        'Version',
        '<VersionId>null</VersionId><IsLatest>true</IsLatest>',
        url,
        bucket,
        keys,
      );
    case 'ListObjectsV2':
      return listing('ListBucketResult', 'Contents', '', url, bucket, keys);
    default:
      throw new ApiFailure('NotImplemented', 'The sandbox does not know this operation of S3', 501);
  }
}

function listing(
  root: string,
  item: string,
  more: string,
  url: URL,
  bucket: string,
  keys: ReadonlySet<string>,
): string {
  const most = Math.min(Number(url.searchParams.get('max-keys') ?? 1000), 1000);
  const all = [...keys].sort();
  const items = all.slice(0, most).map((key) => `<${item}><Key>${escapeXml(key)}</Key>${more}<Size>1</Size></${item}>`);
  const about = `<Name>${escapeXml(bucket)}</Name><Prefix></Prefix><MaxKeys>${most}</MaxKeys><IsTruncated>${all.length > most}</IsTruncated>`;
  return `<${root} xmlns="${NAMESPACE}">${about}${items.join('')}</${root}>`;
}

export function bucketError({ code, message }: ApiFailure, requestId: string): string {
  return `<Error><Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message><RequestId>${requestId}</RequestId></Error>`;
}
