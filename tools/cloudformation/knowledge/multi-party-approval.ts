import type { Service } from './language.ts';

/** People whose word AWS asks for before it does what a team guards: a vault of backups that is opened, for one. */
export const MULTI_PARTY_APPROVAL: Service = {
  'AWS::MPA::ApprovalTeam': {
    page: 'aws-resource-mpa-approvalteam',
    new: 'create',
    gone: 'weaken',
    properties: {
      ApprovalStrategy: { members: { MofN: { members: { MinApprovalsRequired: 'retains' } } } },
      // Another one may approve; or it takes fewer who could refuse.
      Approvers: {
        each: {
          members: { PrimaryIdentityId: 'modify', PrimaryIdentitySourceArn: ['uses', { settled: 'expose' }] },
          others: 'modify',
        },
        by: 'PrimaryIdentityId',
        added: 'expose',
        lost: 'weaken',
        reordered: 'modify',
      },
      Description: 'modify',
      Name: 'replaces',
      Policies: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::MPA::IdentitySource': {
    page: 'aws-resource-mpa-identitysource',
    new: 'create',
    gone: 'disrupt',
    properties: { IdentitySourceParameters: ['replaces', 'uses'], Tags: 'tags' },
  },
};
