import { notShell, ruled } from '../../fields.ts';

/** https://docs.aws.amazon.com/ebs/latest/userguide/device_naming.html */
export const Device = ruled((value) =>
  /^(\/dev\/)?(sd[a-z]\d{0,2}|xvd[a-z]{1,2}\d{0,2})$/.test(value)
    ? undefined
    : (notShell(value) ?? 'is not a device name; give one like /dev/sdf'),
).describe('For example /dev/sdf');
