import { API_GATEWAY } from './apigateway.ts';
import { API_GATEWAY_V2 } from './apigatewayv2.ts';
import { APPSYNC } from './appsync.ts';
import { APPLICATION_AUTO_SCALING, AUTO_SCALING } from './auto-scaling.ts';
import { BATCH } from './batch.ts';
import { CLOUDWATCH } from './cloudwatch.ts';
import { COGNITO } from './cognito.ts';
import { DYNAMODB } from './dynamodb.ts';
import { EC2 } from './ec2.ts';
import { ECS } from './ecs.ts';
import { EFS } from './efs.ts';
import { EKS } from './eks.ts';
import { ELASTIC_LOAD_BALANCING } from './elastic-load-balancing.ts';
import { EVENTS } from './events.ts';
import { FSX } from './fsx.ts';
import { IAM } from './iam.ts';
import { KMS } from './kms.ts';
import { LAMBDA } from './lambda.ts';
import type { Service, TypeKnowledge } from './language.ts';
import { LOGS } from './logs.ts';
import { ROUTE53, ROUTE53_RECOVERY_CONTROL } from './route53.ts';
import { ROUTE53_RESOLVER } from './route53-resolver.ts';
import { S3 } from './s3.ts';
import { SECRETS_MANAGER } from './secrets-manager.ts';
import { SERVICE_DISCOVERY } from './service-discovery.ts';
import { SNS } from './sns.ts';
import { SQS } from './sqs.ts';
import { SSM } from './ssm.ts';
import { STEP_FUNCTIONS } from './step-functions.ts';

const SERVICES: readonly Service[] = [
  API_GATEWAY,
  API_GATEWAY_V2,
  APPLICATION_AUTO_SCALING,
  APPSYNC,
  AUTO_SCALING,
  BATCH,
  CLOUDWATCH,
  COGNITO,
  DYNAMODB,
  EC2,
  ECS,
  EFS,
  EKS,
  ELASTIC_LOAD_BALANCING,
  EVENTS,
  FSX,
  IAM,
  KMS,
  LAMBDA,
  LOGS,
  ROUTE53,
  ROUTE53_RECOVERY_CONTROL,
  ROUTE53_RESOLVER,
  S3,
  SECRETS_MANAGER,
  SERVICE_DISCOVERY,
  SNS,
  SQS,
  SSM,
  STEP_FUNCTIONS,
];

/** All that was reviewed, by type. */
export const KNOWLEDGE: ReadonlyMap<string, TypeKnowledge> = new Map(
  SERVICES.flatMap((service) => Object.entries(service)),
);
