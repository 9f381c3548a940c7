import type { Service } from './language.ts';
import { SECURITY_GROUPS } from './shared.ts';

/** AWS takes a change only where nothing runs, and stops the application for it. */
export const EMR_SERVERLESS: Service = {
  'AWS::EMRServerless::Application': {
    page: 'aws-resource-emrserverless-application',
    new: 'create',
    gone: 'disrupt',
    properties: {
      Architecture: 'disrupt',
      AutoStartConfiguration: { members: { Enabled: 'runs-by-default' } },
      AutoStopConfiguration: { standing: 'disrupt' },
      // Who runs a job there is known.
      IdentityCenterConfiguration: ['uses', { settled: 'expose' }],
      ImageConfiguration: ['code', { standing: 'disrupt' }],
      InitialCapacity: { standing: 'disrupt' },
      // Notebooks and others may run code there.
      InteractiveConfiguration: {
        members: { LivyEndpointEnabled: 'opens', SessionEnabled: 'opens', StudioEnabled: 'opens' },
      },
      MaximumCapacity: {
        members: { Cpu: { standing: 'disrupt' }, Disk: { standing: 'disrupt' }, Memory: { standing: 'disrupt' } },
      },
      MonitoringConfiguration: ['may-act', { settled: 'weaken' }],
      Name: 'replaces',
      NetworkConfiguration: {
        members: { SecurityGroupIds: SECURITY_GROUPS, SubnetIds: ['uses', { settled: 'disrupt' }] },
      },
      ReleaseLabel: { lasting: 'disrupt' },
      RuntimeConfiguration: ['code', { standing: 'disrupt' }],
      SchedulerConfiguration: { standing: 'disrupt' },
      Tags: 'tags',
      Type: 'replaces',
      WorkerTypeSpecifications: ['code', { standing: 'disrupt' }],
    },
  },
};
