import { expect, test } from 'vitest';
import { impactOf } from '../../tools/cloudformation/deployment/effects/change-effect.ts';
import type { ResourceChange } from '../../tools/ports/cloudformation.ts';
import { added, modified, sight } from './resource-change.ts';

/* What people read of a change: of what is new nothing "changes", and what decides is told. */

const METHOD = { HttpMethod: 'GET', ResourceId: 'r', RestApiId: 'a' };
const CODE = { Code: { ZipFile: 'x' }, Handler: 'a.b', Runtime: 'nodejs22.x' };
const TABLE = { KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] };
const INDEX = { IndexName: 'by-day', KeySchema: TABLE.KeySchema, Projection: { ProjectionType: 'ALL' } };

test.each<[string, ResourceChange, string]>([
  [
    'a new method that asks nobody who they are',
    added('AWS::ApiGateway::Method', { ...METHOD, AuthorizationType: 'NONE' }),
    'AuthorizationType is "NONE", which may let others do or reach more',
  ],
  [
    'a method that asks nobody any more',
    modified(
      'AWS::ApiGateway::Method',
      { ...METHOD, AuthorizationType: 'AWS_IAM' },
      { ...METHOD, AuthorizationType: 'NONE' },
    ),
    'AuthorizationType becomes "NONE", which may let others do or reach more',
  ],
  [
    'a text that poses as a word',
    added('AWS::ApiGateway::Method', { ...METHOD, AuthorizationType: 'NONE; created' }),
    'AuthorizationType is as it is given, which',
  ],
  [
    'a new load balancer that does not say for whom it is',
    added('AWS::ElasticLoadBalancingV2::LoadBalancer', { Name: 'a', Subnets: ['s'] }),
    'Scheme is not given, which may let others do or reach more',
  ],
  [
    'a new database that does not say whether the internet reaches it',
    added('AWS::RDS::DBInstance', { Engine: 'postgres' }),
    'PubliclyAccessible is not given, and nothing else says that others are kept out',
  ],
  [
    'a new function',
    added('AWS::Lambda::Function', { ...CODE, Role: 'r' }),
    'Code, Handler, Runtime are code, which is not shown here and is not judged',
  ],
  [
    'a local index more',
    modified('AWS::DynamoDB::Table', TABLE, { ...TABLE, LocalSecondaryIndexes: [INDEX] }),
    'LocalSecondaryIndexes gains an entry (by-day), which may put new ones in place of what is there, without what is stored in it',
  ],
])('%s', (_, change, words) => {
  expect(impactOf(change, sight()).detail).toContain(words);
});
