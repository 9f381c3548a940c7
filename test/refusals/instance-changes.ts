import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import type { Scene } from '../scenes/whole.ts';
import type { RefusalCase } from './case.ts';
import { runningInstance, withFlag } from './instances.ts';

const MISSING = 'i-0123456789abcdef0';

async function stoppedInstance({ ec2 }: Scene): Promise<string | undefined> {
  const Filters = [{ Name: 'instance-state-name', Values: ['stopped'] }];
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({ Filters }));
  return Reservations?.[0]?.Instances?.[0]?.InstanceId;
}

export const instanceChangeCases: readonly RefusalCase[] = [
  {
    tool: 'ec2_reboot_instances',
    code: 'not_found',
    when: 'there is no such instance',
    args: () => ({ instance_ids: [MISSING] }),
  },
  {
    tool: 'ec2_reboot_instances',
    code: 'wrong_state',
    when: 'it is stopped',
    args: async (scene) => ({ instance_ids: [await stoppedInstance(scene)] }),
  },
  {
    tool: 'ec2_modify_instance_attribute',
    code: 'not_found',
    when: 'there is no such instance',
    args: () => ({ instance_id: MISSING, disable_api_termination: true }),
  },
  {
    tool: 'ec2_modify_instance_attribute',
    code: 'wrong_state',
    when: 'it was launched to hibernate',
    args: async (scene) => ({
      instance_id: await runningInstance(scene, { HibernationOptions: { Configured: true } }),
      instance_type: 'm5.large',
    }),
  },
  {
    tool: 'ec2_modify_instance_attribute',
    code: 'protected',
    when: 'it runs, and stop protection is on',
    args: async (scene) => ({ instance_id: await withFlag(scene, 'DisableApiStop'), instance_type: 'm5.large' }),
  },
  {
    tool: 'ec2_modify_instance_attribute',
    code: 'invalid_input',
    when: 'the type is of another architecture',
    args: async (scene) => ({ instance_id: await stoppedInstance(scene), instance_type: 't4g.micro' }),
  },
  {
    tool: 'ec2_modify_instance_attribute',
    code: 'no_changes',
    when: 'protection is off already',
    args: async (scene) => ({ instance_id: await runningInstance(scene), disable_api_termination: false }),
  },
  {
    tool: 'ec2_run_instances',
    code: 'not_found',
    when: 'there is no such image',
    args: () => ({ image_id: 'ami-0123456789abcdef0', instance_type: 't3.micro' }),
  },
  {
    tool: 'ec2_run_instances',
    code: 'invalid_input',
    when: 'no subnet is given',
    args: () => ({ image_id: 'ami-0abcdef1234567890', instance_type: 't3.micro' }),
  },
  {
    tool: 'ec2_run_instances',
    code: 'invalid_input',
    when: 'the type is of another architecture',
    args: () => ({ image_id: 'ami-0abcdef1234567890', instance_type: 't4g.micro' }),
  },
];
