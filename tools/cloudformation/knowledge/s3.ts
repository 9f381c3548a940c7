import type { Service } from './language.ts';
import { BUCKET_ACCESS } from './s3/access.ts';
import { BUCKET } from './s3/bucket.ts';
import { S3_OUTPOSTS } from './s3/outposts.ts';

export const S3: Service = { ...BUCKET, ...BUCKET_ACCESS, ...S3_OUTPOSTS };
