import type { Service } from '../language.ts';
import { PLACED_IN, SECURITY_GROUPS } from '../shared.ts';
import { PARAMETERS } from './parameters.ts';

export const GROUPS: Service = {
  'AWS::RDS::DBClusterParameterGroup': {
    page: 'aws-resource-rds-dbclusterparametergroup',
    new: 'create',
    properties: {
      DBClusterParameterGroupName: 'replaces',
      Description: 'replaces',
      Family: 'replaces',
      Parameters: PARAMETERS,
      Tags: 'tags',
    },
  },
  'AWS::RDS::DBParameterGroup': {
    page: 'aws-resource-rds-dbparametergroup',
    new: 'create',
    properties: {
      DBParameterGroupName: 'replaces',
      Description: 'replaces',
      Family: 'replaces',
      Parameters: PARAMETERS,
      Tags: 'tags',
    },
  },
  'AWS::RDS::DBSecurityGroup': {
    page: 'aws-resource-rds-dbsecuritygroup',
    new: 'create',
    properties: {
      DBSecurityGroupIngress: { each: 'modify', added: 'expose', lost: 'disrupt', reordered: 'modify' },
      EC2VpcId: ['replaces', 'uses'],
      GroupDescription: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::RDS::DBSecurityGroupIngress': {
    page: 'aws-resource-rds-dbsecuritygroupingress',
    new: 'expose',
    properties: {
      CIDRIP: 'expose',
      DBSecurityGroupName: ['acts', 'expose'],
      EC2SecurityGroupId: 'expose',
      EC2SecurityGroupName: 'expose',
      EC2SecurityGroupOwnerId: 'expose',
    },
  },
  'AWS::RDS::DBSubnetGroup': {
    page: 'aws-resource-rds-dbsubnetgroup',
    new: 'create',
    properties: {
      DBSubnetGroupDescription: 'modify',
      DBSubnetGroupName: 'replaces',
      SubnetIds: PLACED_IN,
      Tags: 'tags',
    },
  },
  'AWS::RDS::OptionGroup': {
    page: 'aws-resource-rds-optiongroup',
    new: 'create',
    properties: {
      EngineName: 'replaces',
      MajorEngineVersion: 'replaces',
      // Audit, encryption of data and of connections are options.
      OptionConfigurations: {
        by: 'OptionName',
        added: 'disrupt',
        lost: 'weaken',
        reordered: 'modify',
        each: {
          members: {
            DBSecurityGroupMemberships: SECURITY_GROUPS,
            OptionName: 'modify',
            OptionSettings: { unordered: 'weaken' },
            OptionVersion: 'disrupt',
            Port: 'disrupt',
            VpcSecurityGroupMemberships: SECURITY_GROUPS,
          },
        },
      },
      OptionGroupDescription: 'replaces',
      OptionGroupName: 'replaces',
      Tags: 'tags',
    },
  },
};
