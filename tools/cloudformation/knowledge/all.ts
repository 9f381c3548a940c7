import { API_GATEWAY } from './apigateway.ts';
import { API_GATEWAY_V2 } from './apigatewayv2.ts';
import { DYNAMODB } from './dynamodb.ts';
import { IAM } from './iam.ts';
import { LAMBDA } from './lambda.ts';
import type { Service, TypeKnowledge } from './language.ts';
import { LOGS } from './logs.ts';
import { S3 } from './s3.ts';
import { SQS } from './sqs.ts';

const SERVICES: readonly Service[] = [API_GATEWAY, API_GATEWAY_V2, DYNAMODB, IAM, LAMBDA, LOGS, S3, SQS];

/** All that was reviewed, by type. */
export const KNOWLEDGE: ReadonlyMap<string, TypeKnowledge> = new Map(
  SERVICES.flatMap((service) => Object.entries(service)),
);
