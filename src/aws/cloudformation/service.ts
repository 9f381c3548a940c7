import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { EC2Client } from '@aws-sdk/client-ec2';
import type {
  CloudFormationPlanner,
  CloudFormationReader,
  CloudFormationWriter,
} from '../../../tools/ports/cloudformation.ts';
import type { StackOperationsReader, StackOperationsWriter } from '../../../tools/ports/cloudformation-operations.ts';
import type { Service, Session } from '../../../tools/ports/service.ts';
import { BUCKET_ANSWER } from '../request/answer.ts';
import { exportsOf } from './exports.ts';
import { givenAround } from './given-around.ts';
import { cloudFormationKeeper } from './keeper.ts';
import type { TemplateCache } from './masked-values.ts';
import { nestedOutputsOf } from './nested-outputs.ts';
import { stackOperationsReader } from './operations-reader.ts';
import { stackOperationsWriter } from './operations-writer.ts';
import { cloudFormationReader } from './reader.ts';
import { cloudFormationPlanner, cloudFormationWriter } from './writer.ts';

const templateCache = (): TemplateCache => ({ templates: new Map(), changes: new Map() });

/** By path: emulators have no name for each bucket, and AWS takes both. */
const BY_PATH = { settings: { forcePathStyle: true }, answers: BUCKET_ANSWER };

export const CLOUDFORMATION: Service<
  CloudFormationReader & StackOperationsReader,
  CloudFormationPlanner,
  CloudFormationWriter & StackOperationsWriter
> = {
  name: 'cloudformation',
  readers(session) {
    const cloudformation = session.client(CloudFormationClient);
    const cache = session.kept(templateCache);
    const exports = exportsOf(cloudformation, cache);
    const known = { ...cache, exports, outputs: nestedOutputsOf(cloudformation, exports) };
    const clients = { cloudformation, ec2: session.client(EC2Client), s3: () => bucketsOf(session) };
    return {
      ...cloudFormationReader(cloudformation, { ...known, around: givenAround(cloudformation, known) }),
      ...stackOperationsReader(clients, exports),
    };
  },
  planners: (session) => cloudFormationPlanner(session.client(CloudFormationClient)),
  writers(session) {
    const client = session.client(CloudFormationClient);
    return { ...cloudFormationWriter(client), ...stackOperationsWriter(client) };
  },
};

export const stackKeeper = (session: Session) =>
  cloudFormationKeeper(session.client(CloudFormationClient), CLOUDFORMATION.readers(session));

/** Loaded when a stack that is to be deleted has a bucket. */
async function bucketsOf(session: Session) {
  const { S3Client } = await import('@aws-sdk/client-s3');
  return session.client(S3Client, BY_PATH);
}
