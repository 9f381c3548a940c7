import { ruled } from '../../fields.ts';

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html */
const CHARACTERS = /^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]{1,255}$/;

export const GroupName = ruled((value) => {
  if (!CHARACTERS.test(value))
    return 'is not a group name (1 to 255 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*)';
  if (/^sg-/.test(value)) return 'begins with "sg-", which only ids do; use another name';
  if (value !== value.trim()) return 'has spaces around it, which AWS takes away; leave them out';
  return value === 'default' ? 'is reserved for the group that each VPC has; use another name' : undefined;
});

export const GroupDescription = ruled((value) =>
  CHARACTERS.test(value)
    ? undefined
    : 'is not a description (1 to 255 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*)',
);
