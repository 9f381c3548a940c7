import { API_GATEWAY } from './apigateway.ts';
import { API_GATEWAY_V2 } from './apigatewayv2.ts';
import { APPLICATION_AUTO_SCALING, AUTO_SCALING } from './auto-scaling.ts';
import { DYNAMODB } from './dynamodb.ts';
import { EC2 } from './ec2.ts';
import { ECS } from './ecs.ts';
import { ELASTIC_LOAD_BALANCING } from './elastic-load-balancing.ts';
import { IAM } from './iam.ts';
import { LAMBDA } from './lambda.ts';
import type { Service, TypeKnowledge } from './language.ts';
import { LOGS } from './logs.ts';
import { S3 } from './s3.ts';
import { SQS } from './sqs.ts';

const SERVICES: readonly Service[] = [
  API_GATEWAY,
  API_GATEWAY_V2,
  APPLICATION_AUTO_SCALING,
  AUTO_SCALING,
  DYNAMODB,
  EC2,
  ECS,
  ELASTIC_LOAD_BALANCING,
  IAM,
  LAMBDA,
  LOGS,
  S3,
  SQS,
];

/** All that was reviewed, by type. */
export const KNOWLEDGE: ReadonlyMap<string, TypeKnowledge> = new Map(
  SERVICES.flatMap((service) => Object.entries(service)),
);
