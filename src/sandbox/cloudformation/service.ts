import {
  CreateChangeSet$,
  CreateStack$,
  DeleteChangeSet$,
  DeleteStack$,
  DescribeChangeSet$,
  DescribeStackEvents$,
  DescribeStackResources$,
  DescribeStacks$,
  ExecuteChangeSet$,
  GetTemplate$,
  GetTemplateSummary$,
  ListChangeSets$,
  ListExports$,
  ListImports$,
  ListStackResources$,
  ListStacks$,
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

export const cloudformation: ServiceDefinition = {
  name: 'cloudformation',
  version: '2010-05-15',
  protocol: 'awsQuery',
  namespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
  operations: [
    operation(CreateChangeSet$, createChangeSet),
    operation(CreateStack$, createStack),
    operation(DeleteChangeSet$, deleteChangeSet),
    operation(DeleteStack$, deleteStack),
    operation(DescribeChangeSet$, describeChangeSet),
    operation(DescribeStackEvents$, describeStackEvents),
    operation(DescribeStackResources$, describeStackResources),
    operation(DescribeStacks$, describeStacks),
    operation(ExecuteChangeSet$, executeChangeSet),
    operation(GetTemplate$, getTemplate),
    operation(GetTemplateSummary$, getTemplateSummary),
    operation(ListChangeSets$, listChangeSets),
    operation(ListExports$, listExports),
    operation(ListImports$, listImports),
    operation(ListStackResources$, listStackResources),
    operation(ListStacks$, listStacks),
    operation(UpdateStack$, updateStack),
    operation(UpdateTerminationProtection$, updateTerminationProtection),
    operation(ValidateTemplate$, validateTemplate),
  ],
};
