import type { Service } from './language.ts';
import { GRANTS } from './shared.ts';

export const LOCATION: Service = {
  'AWS::Location::APIKey': {
    page: 'aws-resource-location-apikey',
    // Those who have it ask without a name.
    new: 'expose',
    gone: 'disrupt',
    properties: {
      Description: 'modify',
      ExpireTime: { standing: ['expose', 'disrupt'] },
      ForceDelete: 'endangers',
      ForceUpdate: 'endangers',
      KeyName: 'replaces',
      NoExpiry: { standing: { values: { true: 'expose' }, otherwise: 'disrupt', absent: 'false' } },
      Restrictions: {
        members: {
          AllowActions: GRANTS,
          AllowAndroidApps: { standing: 'expose' },
          AllowAppleApps: { standing: 'expose' },
          // Without any, all pages may use it.
          AllowReferers: { standing: 'expose' },
          AllowResources: GRANTS,
        },
      },
      Tags: 'tags',
    },
  },
  'AWS::Location::GeofenceCollection': {
    page: 'aws-resource-location-geofencecollection',
    new: 'create',
    holds: 'data',
    properties: {
      CollectionName: 'replaces',
      Description: 'replaces',
      KmsKeyId: ['replaces', 'uses'],
      PricingPlan: 'modify',
      PricingPlanDataSource: 'modify',
      Tags: 'tags',
    },
  },
  'AWS::Location::Map': {
    page: 'aws-resource-location-map',
    new: 'create',
    gone: 'disrupt',
    properties: {
      Configuration: 'replaces',
      Description: 'replaces',
      MapName: 'replaces',
      PricingPlan: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::Location::PlaceIndex': {
    page: 'aws-resource-location-placeindex',
    new: 'create',
    gone: 'disrupt',
    properties: {
      DataSource: 'replaces',
      DataSourceConfiguration: 'replaces',
      Description: 'replaces',
      IndexName: 'replaces',
      PricingPlan: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::Location::RouteCalculator': {
    page: 'aws-resource-location-routecalculator',
    new: 'create',
    gone: 'disrupt',
    properties: {
      CalculatorName: 'replaces',
      DataSource: 'replaces',
      Description: 'replaces',
      PricingPlan: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::Location::Tracker': {
    page: 'aws-resource-location-tracker',
    new: 'create',
    holds: 'data',
    properties: {
      Description: 'replaces',
      EventBridgeEnabled: 'runs',
      KmsKeyEnableGeospatialQueries: 'runs',
      KmsKeyId: ['replaces', 'uses'],
      PositionFiltering: 'replaces',
      PricingPlan: 'modify',
      PricingPlanDataSource: 'modify',
      Tags: 'tags',
      TrackerName: 'replaces',
    },
  },
  'AWS::Location::TrackerConsumer': {
    page: 'aws-resource-location-trackerconsumer',
    new: 'create',
    gone: 'disrupt',
    properties: { ConsumerArn: ['replaces', 'acts'], TrackerName: ['replaces', 'acts'] },
  },
};
