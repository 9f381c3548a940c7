import { describe, expect, test } from 'vitest';
import { impactOf } from '../../tools/cloudformation/deployment/effects/change-effect.ts';
import { UNTOLD } from '../../tools/cloudformation/deployment/effects/resource-settings.ts';
import { added, modified, property, sight } from './resource-change.ts';

describe('what is known beside the change', () => {
  const quiet = modified('AWS::SQS::Queue', { ReceiveMessageWaitTimeSeconds: 1 }, { ReceiveMessageWaitTimeSeconds: 2 });
  const open = { logical_id: 'A', effect: 'expose', why: 'the templates differ in who may connect' } as const;

  test('a second opinion raises', () => {
    expect(impactOf(quiet, sight(undefined, undefined, { opinions: [open] })).effect).toBe('expose');
    const replaced = { logical_id: 'A', effect: 'replace', why: 'it may be' } as const;
    const line = impactOf(quiet, sight(undefined, undefined, { opinions: [replaced] }));
    expect(line).toMatchObject({ effect: 'replace', recoverable: false });
  });

  test('but of network rules only where these are not read whole', () => {
    const opinions = [{ ...open, about: 'network' as const }];
    const own = { type: 'AWS::EC2::SecurityGroup', network: 'default' };
    const out = (given: object) => {
      const rule = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, ...given };
      const change = added('AWS::EC2::SecurityGroup', { GroupDescription: 'd', SecurityGroupEgress: [rule] });
      return impactOf(change, sight(undefined, own, { opinions })).effect;
    };
    expect(out({ CidrIp: '0.0.0.0/0' })).toBe('create');
    expect(out({ CidrIp: UNTOLD })).toBe('expose');
    expect(out({ CidrIp: '0.0.0.0/0', Future: 1 })).toBe('expose');
    expect(impactOf(quiet, sight(undefined, undefined, { opinions })).effect).toBe('expose');
  });

  test('and never lowers', () => {
    const gone = { ...quiet, action: 'Remove' };
    expect(impactOf(gone, sight(undefined, undefined, { opinions: [open] })).effect).toBe('delete');
  });

  test('hooks that run with it may do anything', () => {
    expect(impactOf({ ...quiet, hooks: 2 }, sight())).toMatchObject({ effect: 'unknown', recoverable: false });
  });

  test('a change of what drifted may undo what keeps it running', () => {
    for (const drift of ['MODIFIED', 'DELETED'])
      expect(impactOf(quiet, sight(undefined, undefined, { drift })).effect).toBe('disrupt');
    expect(impactOf(quiet, sight(undefined, undefined, { drift: 'IN_SYNC' })).effect).toBe('modify');
  });

  test('a nested stack is what was found in it', () => {
    const nested = { ...quiet, type: 'AWS::CloudFormation::Stack' };
    const as = (looked: 'listed' | 'same' | 'hidden', given = nested) =>
      impactOf(given, sight(undefined, undefined, { looked })).effect;
    expect([as('listed'), as('same'), as('hidden')]).toEqual(['modify', 'modify', 'unknown']);
    expect(as('listed', { ...nested, action: 'Import' })).toBe('unknown');
    expect(as('listed', { ...nested, replacement: 'Conditional' })).toBe('replace');
    expect(as('listed', added('AWS::CloudFormation::Stack'))).toBe('create');
  });

  test('code and defaults are told, and change nothing', () => {
    const code = impactOf(
      modified('AWS::Lambda::Function', { Code: { S3Key: 'a' } }, { Code: { S3Key: 'b' } }),
      sight(),
    );
    expect(code).toMatchObject({
      effect: 'modify',
      detail: expect.stringContaining('Code is code, which is not shown'),
    });
    const group = impactOf(added('AWS::EC2::SecurityGroup', { GroupDescription: 'd' }), sight());
    expect(group).toMatchObject({ effect: 'create', detail: expect.stringContaining('everything may go out') });
  });

  test('what changes behind a mask counts as changed', () => {
    const hidden = { MetadataOptions: { HttpTokens: '****', HttpEndpoint: 'enabled' } };
    const change = modified('AWS::EC2::Instance', hidden, hidden, {
      properties: [property('MetadataOptions')],
    });
    expect(impactOf(change, sight()).effect).toBe('weaken');
  });
});
