import type { Service } from './language.ts';
import { GRANTS, SECURITY_GROUPS } from './shared.ts';

export const GRAFANA: Service = {
  'AWS::Grafana::Workspace': {
    page: 'aws-resource-grafana-workspace',
    new: 'create',
    // Its dashboards, alarms and keys.
    holds: 'data',
    properties: {
      // From which accounts it shows what is measured.
      AccountAccessType: { standing: { order: ['ORGANIZATION', 'CURRENT_ACCOUNT'], less: 'expose' } },
      AuthenticationProviders: GRANTS,
      ClientToken: 'replaces',
      DataSources: GRANTS,
      Description: 'modify',
      GrafanaVersion: { lasting: 'disrupt' },
      Name: 'modify',
      // Without it everyone on the internet may try to sign in.
      NetworkAccessControl: [
        { settled: 'expose' },
        { members: { PrefixListIds: ['uses', GRANTS], VpceIds: ['uses', GRANTS] } },
      ],
      NotificationDestinations: GRANTS,
      OrganizationRoleName: ['acts-as', { settled: 'disrupt' }],
      OrganizationalUnits: GRANTS,
      PermissionType: { standing: 'expose' },
      // Those who may write plugins run code there.
      PluginAdminEnabled: { standing: 'opens' },
      RoleArn: 'acts-as',
      SamlConfiguration: {
        members: {
          AllowedOrganizations: [GRANTS, { settled: 'expose' }],
          AssertionAttributes: { standing: 'expose' },
          // By whose word people are believed.
          IdpMetadata: { settled: 'expose' },
          LoginValidityDuration: 'delays',
          RoleValues: { members: { Admin: GRANTS, Editor: GRANTS } },
        },
      },
      StackSetName: 'modify',
      Tags: 'tags',
      VpcConfiguration: [{ settled: 'disrupt' }, { members: { SecurityGroupIds: SECURITY_GROUPS, SubnetIds: 'uses' } }],
    },
  },
};
