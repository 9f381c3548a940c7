import { API_GATEWAY } from './apigateway.ts';
import { API_GATEWAY_V2 } from './apigatewayv2.ts';
import { APPLICATION_AUTO_SCALING, AUTO_SCALING } from './auto-scaling.ts';
import { BATCH } from './batch.ts';
import { DYNAMODB } from './dynamodb.ts';
import { EC2 } from './ec2.ts';
import { ECS } from './ecs.ts';
import { EFS } from './efs.ts';
import { EKS } from './eks.ts';
import { ELASTIC_LOAD_BALANCING } from './elastic-load-balancing.ts';
import { FSX } from './fsx.ts';
import { IAM } from './iam.ts';
import { LAMBDA } from './lambda.ts';
import type { Service, TypeKnowledge } from './language.ts';
import { LOGS } from './logs.ts';
import { ROUTE53, ROUTE53_RECOVERY_CONTROL } from './route53.ts';
import { ROUTE53_RESOLVER } from './route53-resolver.ts';
import { S3 } from './s3.ts';
import { SERVICE_DISCOVERY } from './service-discovery.ts';
import { SQS } from './sqs.ts';

const SERVICES: readonly Service[] = [
  API_GATEWAY,
  API_GATEWAY_V2,
  APPLICATION_AUTO_SCALING,
  AUTO_SCALING,
  BATCH,
  DYNAMODB,
  EC2,
  ECS,
  EFS,
  EKS,
  ELASTIC_LOAD_BALANCING,
  FSX,
  IAM,
  LAMBDA,
  LOGS,
  ROUTE53_RESOLVER,
  ROUTE53,
  ROUTE53_RECOVERY_CONTROL,
  S3,
  SERVICE_DISCOVERY,
  SQS,
];

/** All that was reviewed, by type. */
export const KNOWLEDGE: ReadonlyMap<string, TypeKnowledge> = new Map(
  SERVICES.flatMap((service) => Object.entries(service)),
);
