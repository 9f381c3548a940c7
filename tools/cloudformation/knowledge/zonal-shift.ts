import type { Rule, Service } from './language.ts';

/** What holds up a practice run, or ends it: one less, and traffic is moved all the same. */
const HELD_BY: Rule = { each: 'modify', by: 'AlarmIdentifier', added: 'modify', lost: 'weaken', reordered: 'modify' };
const SPARED: Rule = { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' };

/** Traffic that AWS leads away from a zone by itself. */
export const ZONAL_SHIFT: Service = {
  'AWS::ARCZonalShift::AutoshiftObserverNotificationStatus': {
    page: 'aws-resource-arczonalshift-autoshiftobservernotificationstatus',
    new: 'create',
    gone: 'weaken',
    wide: 'account',
    properties: { Status: 'replaces' },
  },
  'AWS::ARCZonalShift::ZonalAutoshiftConfiguration': {
    page: 'aws-resource-arczonalshift-zonalautoshiftconfiguration',
    new: 'create',
    gone: 'weaken',
    properties: {
      PracticeRunConfiguration: {
        members: {
          BlockedDates: SPARED,
          BlockedWindows: SPARED,
          BlockingAlarms: HELD_BY,
          OutcomeAlarms: HELD_BY,
        },
      },
      ResourceIdentifier: ['replaces', 'acts', 'affects'],
      // On, AWS moves traffic; off, it stays where a zone fails.
      ZonalAutoshiftStatus: { values: { ENABLED: 'disrupt' }, otherwise: 'weaken', absent: 'DISABLED' },
    },
  },
};
