import { AMAZON_MQ } from './amazon-mq.ts';
import { AMPLIFY } from './amplify.ts';
import { API_GATEWAY } from './apigateway.ts';
import { API_GATEWAY_V2 } from './apigatewayv2.ts';
import { APP_CONFIG } from './app-config.ts';
import { APP_FLOW } from './app-flow.ts';
import { APP_MESH } from './app-mesh.ts';
import { APP_REGISTRY } from './app-registry.ts';
import { APP_RUNNER } from './app-runner.ts';
import { APPLICATION_AUTO_SCALING } from './application-auto-scaling.ts';
import { APPLICATION_INSIGHTS } from './application-insights.ts';
import { APPSYNC } from './appsync.ts';
import { ATHENA } from './athena.ts';
import { AUTO_SCALING } from './auto-scaling.ts';
import { B2BI } from './b2bi.ts';
import { BACKUP } from './backup.ts';
import { BATCH } from './batch.ts';
import { BEDROCK } from './bedrock.ts';
import { BEDROCK_AGENT_CORE } from './bedrock-agent-core.ts';
import { CERTIFICATES } from './certificates.ts';
import { CHATBOT } from './chatbot.ts';
import { CLEAN_ROOMS } from './clean-rooms.ts';
import { CLOUD9 } from './cloud9.ts';
import { CLOUDFORMATION } from './cloudformation.ts';
import { CLOUDFRONT } from './cloudfront.ts';
import { CLOUDTRAIL } from './cloudtrail.ts';
import { CLOUDWATCH } from './cloudwatch.ts';
import { CODE_BUILD } from './code-build.ts';
import { CODE_DEPLOY } from './code-deploy.ts';
import { CODE_PIPELINE } from './code-pipeline.ts';
import { CODE_SERVICES } from './code-services.ts';
import { COGNITO } from './cognito.ts';
import { CONFIG } from './config.ts';
import { CONNECT } from './connect.ts';
import { DATA_BREW } from './data-brew.ts';
import { DATA_PIPELINE } from './data-pipeline.ts';
import { DATA_SYNC } from './data-sync.ts';
import { DAX } from './dax.ts';
import { DEADLINE } from './deadline.ts';
import { DESKTOPS } from './desktops.ts';
import { DIRECT_CONNECT } from './direct-connect.ts';
import { DIRECTORY_SERVICE } from './directory-service.ts';
import { DLM } from './dlm.ts';
import { DMS } from './dms.ts';
import { DOCDB } from './docdb.ts';
import { DYNAMODB } from './dynamodb.ts';
import { EC2 } from './ec2.ts';
import { ECR } from './ecr.ts';
import { ECS } from './ecs.ts';
import { EFS } from './efs.ts';
import { EKS } from './eks.ts';
import { ELASTIC_BEANSTALK } from './elastic-beanstalk.ts';
import { ELASTIC_LOAD_BALANCING } from './elastic-load-balancing.ts';
import { ELASTICACHE } from './elasticache.ts';
import { EMR, EMR_CONTAINERS } from './emr.ts';
import { EMR_SERVERLESS } from './emr-serverless.ts';
import { EVENT_SCHEMAS } from './event-schemas.ts';
import { EVENTS } from './events.ts';
import { FINDINGS } from './findings.ts';
import { FIREHOSE } from './firehose.ts';
import { FIS } from './fis.ts';
import { FSX } from './fsx.ts';
import { GAME_LIFT } from './game-lift.ts';
import { GLOBAL_ACCELERATOR } from './global-accelerator.ts';
import { GLUE } from './glue.ts';
import { GRAFANA } from './grafana.ts';
import { GREENGRASS } from './greengrass.ts';
import { GUARD_DUTY } from './guard-duty.ts';
import { IAM } from './iam.ts';
import { IDENTITY_CENTER } from './identity-center.ts';
import { IMAGE_BUILDER } from './image-builder.ts';
import { INCIDENTS } from './incidents.ts';
import { INSPECTOR } from './inspector.ts';
import { VIDEO } from './iot/devices.ts';
import { IOT } from './iot.ts';
import { IOT_ANALYTICS } from './iot-analytics.ts';
import { IOT_SITE_WISE } from './iot-site-wise.ts';
import { IVS } from './ivs.ts';
import { KAFKA_CONNECT } from './kafka-connect.ts';
import { KENDRA } from './kendra.ts';
import { KEYSPACES } from './keyspaces.ts';
import { KINESIS } from './kinesis.ts';
import { KMS } from './kms.ts';
import { LAKE_FORMATION } from './lake-formation.ts';
import { LAMBDA } from './lambda.ts';
import type { Knowledge, Service } from './language.ts';
import { DSQL, QLDB } from './ledgers.ts';
import { LEX } from './lex.ts';
import { LIGHTSAIL } from './lightsail.ts';
import { LOCATION } from './location.ts';
import { LOGS } from './logs.ts';
import { MEDIA } from './media.ts';
import { MEMORY_DB } from './memorydb.ts';
import { MESSAGING } from './messaging.ts';
import { MSK } from './msk.ts';
import { MULTI_PARTY_APPROVAL } from './multi-party-approval.ts';
import { MWAA } from './mwaa.ts';
import { NEPTUNE } from './neptune.ts';
import { NEPTUNE_GRAPH } from './neptune-graph.ts';
import { NETWORK_FIREWALL } from './network-firewall.ts';
import { NETWORK_MANAGER } from './network-manager.ts';
import { OMICS } from './omics.ts';
import { ELASTICSEARCH, OPENSEARCH } from './opensearch.ts';
import { OPENSEARCH_SERVERLESS } from './opensearch-serverless.ts';
import { ORGANIZATIONS } from './organizations.ts';
import { OSIS } from './osis.ts';
import { PAYMENTS } from './payments.ts';
import { PCA_CONNECTORS } from './pca-connectors.ts';
import { PINPOINT } from './pinpoint.ts';
import { PIPES } from './pipes.ts';
import { PROMETHEUS } from './prometheus.ts';
import { PROTECTION } from './protection.ts';
import { Q_BUSINESS } from './q-business.ts';
import { QUICK_SIGHT } from './quick-sight.ts';
import { RAM } from './ram.ts';
import { RDS } from './rds.ts';
import { REDSHIFT, REDSHIFT_SERVERLESS } from './redshift.ts';
import { REFACTOR_SPACES } from './refactor-spaces.ts';
import { ROUTE53, ROUTE53_RECOVERY_CONTROL } from './route53.ts';
import { ROUTE53_RESOLVER } from './route53-resolver.ts';
import { S3 } from './s3.ts';
import { S3_FILES } from './s3-files.ts';
import { S3_TABLES } from './s3-tables.ts';
import { S3_VECTORS } from './s3-vectors.ts';
import { SAGE_MAKER } from './sage-maker.ts';
import { SCHEDULER } from './scheduler.ts';
import { SECRETS_MANAGER } from './secrets-manager.ts';
import { SERVICE_CATALOG } from './service-catalog.ts';
import { SERVICE_DISCOVERY } from './service-discovery.ts';
import { SES } from './ses.ts';
import { SNS } from './sns.ts';
import { SQS } from './sqs.ts';
import { SSM } from './ssm.ts';
import { STEP_FUNCTIONS } from './step-functions.ts';
import { SYNTHETICS } from './synthetics.ts';
import { TIMESTREAM } from './timestream.ts';
import { TRANSFER } from './transfer.ts';
import { TRUST } from './trust.ts';
import { VERIFIED_PERMISSIONS } from './verified-permissions.ts';
import { VPC_LATTICE } from './vpc-lattice.ts';
import { WAF } from './waf.ts';
import { WATCHING } from './watching.ts';
import { WISDOM } from './wisdom.ts';
import { ZONAL_SHIFT } from './zonal-shift.ts';

const SERVICES: readonly Service[] = [
  AMAZON_MQ,
  AMPLIFY,
  API_GATEWAY,
  API_GATEWAY_V2,
  APPLICATION_AUTO_SCALING,
  APPLICATION_INSIGHTS,
  APPSYNC,
  APP_CONFIG,
  APP_MESH,
  APP_REGISTRY,
  APP_RUNNER,
  ATHENA,
  AUTO_SCALING,
  B2BI,
  BACKUP,
  BATCH,
  BEDROCK,
  BEDROCK_AGENT_CORE,
  CERTIFICATES,
  CHATBOT,
  CLOUD9,
  CLOUDFORMATION,
  CLOUDFRONT,
  CLOUDTRAIL,
  CLOUDWATCH,
  CODE_BUILD,
  CODE_DEPLOY,
  CODE_PIPELINE,
  CODE_SERVICES,
  COGNITO,
  CONFIG,
  CONNECT,
  DATA_BREW,
  DATA_PIPELINE,
  DAX,
  DIRECTORY_SERVICE,
  DLM,
  DMS,
  DOCDB,
  DSQL,
  DYNAMODB,
  EC2,
  ECR,
  ECS,
  EFS,
  EKS,
  ELASTICACHE,
  ELASTICSEARCH,
  ELASTIC_BEANSTALK,
  ELASTIC_LOAD_BALANCING,
  EMR,
  EMR_CONTAINERS,
  EVENTS,
  EVENT_SCHEMAS,
  FINDINGS,
  FIREHOSE,
  FSX,
  GAME_LIFT,
  GLOBAL_ACCELERATOR,
  GLUE,
  GREENGRASS,
  GUARD_DUTY,
  IAM,
  IMAGE_BUILDER,
  INSPECTOR,
  IOT,
  IOT_ANALYTICS,
  IVS,
  KENDRA,
  KEYSPACES,
  KINESIS,
  KMS,
  LAKE_FORMATION,
  LAMBDA,
  LEX,
  LOCATION,
  LOGS,
  MEDIA,
  MEMORY_DB,
  MSK,
  MWAA,
  NEPTUNE,
  NETWORK_FIREWALL,
  OPENSEARCH,
  OPENSEARCH_SERVERLESS,
  ORGANIZATIONS,
  OSIS,
  PINPOINT,
  PIPES,
  PROMETHEUS,
  QLDB,
  Q_BUSINESS,
  RAM,
  RDS,
  REDSHIFT,
  REDSHIFT_SERVERLESS,
  ROUTE53,
  ROUTE53_RECOVERY_CONTROL,
  ROUTE53_RESOLVER,
  S3,
  S3_FILES,
  S3_TABLES,
  SAGE_MAKER,
  SCHEDULER,
  SECRETS_MANAGER,
  SERVICE_CATALOG,
  SERVICE_DISCOVERY,
  SES,
  SNS,
  SQS,
  SSM,
  STEP_FUNCTIONS,
  SYNTHETICS,
  TIMESTREAM,
  TRANSFER,
  TRUST,
  VPC_LATTICE,
  WAF,
  APP_FLOW,
  CLEAN_ROOMS,
  DATA_SYNC,
  DESKTOPS,
  DIRECT_CONNECT,
  EMR_SERVERLESS,
  FIS,
  GRAFANA,
  IDENTITY_CENTER,
  INCIDENTS,
  KAFKA_CONNECT,
  LIGHTSAIL,
  NEPTUNE_GRAPH,
  NETWORK_MANAGER,
  PCA_CONNECTORS,
  PROTECTION,
  QUICK_SIGHT,
  S3_VECTORS,
  VERIFIED_PERMISSIONS,
  WATCHING,
  VIDEO,
  DEADLINE,
  IOT_SITE_WISE,
  MESSAGING,
  PAYMENTS,
  MULTI_PARTY_APPROVAL,
  OMICS,
  REFACTOR_SPACES,
  WISDOM,
  ZONAL_SHIFT,
];

/** One entry for each type; loaded by `load.ts` alone, when a change set is first looked at. */
export const KNOWLEDGE: Knowledge = new Map(SERVICES.flatMap((service) => Object.entries(service)));
