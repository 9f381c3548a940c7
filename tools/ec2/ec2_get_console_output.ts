import { z } from 'zod';
import { defineReadTool } from '../define.ts';
import { InstanceId, Region, wholeNumber } from '../fields.ts';
import { rangeOf } from '../text-range.ts';

export default defineReadTool({
  name: 'ec2_get_console_output',
  title: 'Get console output',
  description:
    "Read an instance's console (boot messages, kernel panics), from a character offset; credentials are hidden.",
  toolset: 'ec2',
  actions: ['ec2:GetConsoleOutput'],
  input: z.strictObject({
    instance_id: InstanceId,
    latest: z.boolean().optional().describe('As it is now, not after the last start; Nitro only'),
    offset: wholeNumber(0, 1_000_000).optional().describe('In characters; total says how many'),
    region: Region.optional(),
  }),
  log: { instance_id: 'shown', latest: 'shown', offset: 'shown', region: 'shown' },
  async read({ instance_id, latest = false, offset = 0 }, { ec2, caller }) {
    const { text, at } = await ec2.consoleOutput(instance_id, latest);
    return {
      region: caller.region,
      instance_id,
      ...(at === undefined ? {} : { at }),
      ...rangeOf(text, offset),
    };
  },
});
