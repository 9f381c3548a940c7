import {
  CancelUpdateStack$,
  ContinueUpdateRollback$,
  CreateChangeSet$,
  CreateStack$,
  DeleteChangeSet$,
  DeleteStack$,
  DescribeChangeSet$,
  DescribeStackDriftDetectionStatus$,
  DescribeStackEvents$,
  DescribeStackResourceDrifts$,
  DescribeStackResources$,
  DescribeStacks$,
  DetectStackDrift$,
  ExecuteChangeSet$,
  GetStackPolicy$,
  GetTemplate$,
  GetTemplateSummary$,
  ListChangeSets$,
  ListExports$,
  ListImports$,
  ListStackResources$,
  ListStacks$,
  RollbackStack$,
  SetStackPolicy$,
  UpdateStack$,
  UpdateTerminationProtection$,
  ValidateTemplate$,
} from '@aws-sdk/client-cloudformation';
import { operation, type ServiceDefinition } from '../wire/service.ts';
import { createChangeSet } from './changeset.ts';
import {
  describeStackEvents,
  describeStackResources,
  describeStacks,
  listStackResources,
  listStacks,
} from './describe.ts';
import { describeDetection, describeResourceDrifts, detectStackDrift } from './drift.ts';
import { executeChangeSet } from './execute-changeset.ts';
import {
  describeChangeSet,
  getTemplate,
  getTemplateSummary,
  listChangeSets,
  listExports,
  listImports,
  validateTemplate,
} from './inspect.ts';
import { createStack, deleteChangeSet, deleteStack, updateStack, updateTerminationProtection } from './manage.ts';
import { cancelUpdateStack, continueUpdateRollback, rollbackStack } from './recover.ts';
import { getStackPolicy, setStackPolicy } from './stack-policy.ts';

export const cloudformation: ServiceDefinition = {
  name: 'cloudformation',
  version: '2010-05-15',
  protocol: 'awsQuery',
  namespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
  operations: [
    operation(CancelUpdateStack$, cancelUpdateStack),
    operation(ContinueUpdateRollback$, continueUpdateRollback),
    operation(CreateChangeSet$, createChangeSet),
    operation(CreateStack$, createStack),
    operation(DeleteChangeSet$, deleteChangeSet),
    operation(DeleteStack$, deleteStack),
    operation(DescribeChangeSet$, describeChangeSet),
    operation(DescribeStackDriftDetectionStatus$, describeDetection),
    operation(DescribeStackEvents$, describeStackEvents),
    operation(DescribeStackResourceDrifts$, describeResourceDrifts),
    operation(DescribeStackResources$, describeStackResources),
    operation(DescribeStacks$, describeStacks),
    operation(DetectStackDrift$, detectStackDrift),
    operation(ExecuteChangeSet$, executeChangeSet),
    operation(GetStackPolicy$, getStackPolicy),
    operation(GetTemplate$, getTemplate),
    operation(GetTemplateSummary$, getTemplateSummary),
    operation(ListChangeSets$, listChangeSets),
    operation(ListExports$, listExports),
    operation(ListImports$, listImports),
    operation(ListStackResources$, listStackResources),
    operation(ListStacks$, listStacks),
    operation(RollbackStack$, rollbackStack),
    operation(SetStackPolicy$, setStackPolicy),
    operation(UpdateStack$, updateStack),
    operation(UpdateTerminationProtection$, updateTerminationProtection),
    operation(ValidateTemplate$, validateTemplate),
  ],
};
