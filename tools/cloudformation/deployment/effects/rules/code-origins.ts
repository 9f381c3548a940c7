import type { Json } from '../../../../../src/kernel/digest.ts';
import { isUntellable, type Named, type Own, textsIn } from './named-things.ts';

/** ARNs that name an account, anywhere in a text: also within another one, as API Gateway names a function. */
const ARN = /\barn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:\d{12}:[^\s"'\\,;)}\]]+/g;
/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-requests.html */
const IMAGE = /\b(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.[a-z.]+\/([a-z0-9._/-]+)/g;
/** https://docs.aws.amazon.com/codeartifact/latest/ug/service-endpoints.html */
const PACKAGES = /\b([a-z0-9-]+)-(\d{12})\.d\.codeartifact\.([a-z0-9-]+)\.[a-z.]+/g;

const BUCKET = '([a-z0-9][a-z0-9._-]{1,61}[a-z0-9])';
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html */
const OBJECTS = [
  new RegExp(`\\bs3[an]?://${BUCKET}`, 'g'),
  new RegExp(`\\barn:aws[a-z-]*:s3:::${BUCKET}`, 'g'),
  new RegExp(`\\bhttps?://${BUCKET}\\.s3[.-](?:[a-z0-9-]+\\.)*amazonaws\\.com`, 'g'),
  new RegExp(`\\bhttps?://s3[.-](?:[a-z0-9-]+\\.)*amazonaws\\.com(?:\\.cn)?/${BUCKET}`, 'g'),
];

/** Members that say from where code is fetched, and nothing else: one that can't be read may name anyone's. */
const WHERE = /^(Layers|Image|ImageUri|ImageIdentifier|ScriptLocation)$|Bucket|S3/;
const WHOLE_BUCKET = new RegExp(`^${BUCKET}$`);

/**
 * Whose code a value fetches, as ARNs of what can be changed there by those who own it: a layer, a repository of images
 * or packages, a bucket. The attacker has their own layer or script run under this stack's role, by its address. What a
 * text with blanks does with a bucket is its own affair, as all code is; the accounts that it names count.
 */
export function codeIn(value: Json | undefined, steps: readonly string[], own: Own): readonly Named[] {
  return textsIn(value, steps, own).flatMap(({ text, ...place }): readonly Named[] => {
    const key = place.steps.findLast((step) => !/^\d+$/.test(step)) ?? '';
    const names = [...accountsIn(text), ...(/\s/.test(text.trim()) ? [] : bucketsIn(text, key))];
    if (names.length > 0) return [...new Set(names)].map((name) => ({ ...place, name }));
    return WHERE.test(key) && isUntellable(text) ? [place] : [];
  });
}

function accountsIn(text: string): readonly string[] {
  return [
    ...[...text.matchAll(ARN)].map(([arn]) => arn.replace(/(:layer:[^:/]+):\d+$/, '$1').replace(/\/invocations$/, '')),
    ...[...text.matchAll(IMAGE)].map(
      ([, account, region, name]) => `arn:aws:ecr:${region}:${account}:repository/${name}`,
    ),
    ...[...text.matchAll(PACKAGES)].map(
      ([, domain, account, region]) => `arn:aws:codeartifact:${region}:${account}:domain/${domain}`,
    ),
  ];
}

function bucketsIn(text: string, key: string): readonly string[] {
  const named = OBJECTS.flatMap((form) => [...text.matchAll(form)].map(([, bucket]) => bucket));
  const alone = /bucket(name)?$/i.test(key) && WHOLE_BUCKET.test(text) ? [text] : [];
  return [...named, ...alone].map((bucket) => `arn:aws:s3:::${bucket}`);
}
