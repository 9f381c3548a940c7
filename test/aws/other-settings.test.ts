import { expect, test } from 'vitest';
import { settingsBeside } from '../../src/aws/ec2/other-settings.ts';

const BESIDE = { known: new Set(['Id']), usual: { 'Place.Tenancy': 'default', Check: 'true' } };

test.each<[object, readonly string[]]>([
  [{ Id: 'i-1' }, []],
  [{ Check: true, Place: { Tenancy: 'default', Name: '' }, On: false, None: undefined, Empty: [], Nothing: {} }, []],
  [{ Check: false }, ['Check (false)']],
  [{ Place: { Tenancy: 'host', HostId: 'h-1' } }, ['Place (Tenancy host, HostId h-1)']],
  [{ NewThing: { Deep: { Count: 3 } } }, ['NewThing (Deep.Count 3)']],
  [{ Licenses: [{ Arn: 'x' }] }, ['Licenses (1 of them)']],
  [{ Note: 'AKIAIOSFODNN7EXAMPLE' }, ['Note (AKIA[hidden:secret])']],
])('of %j there is beside what is known: %j', (thing, beside) => {
  expect(settingsBeside(thing, BESIDE)).toEqual(beside);
});
