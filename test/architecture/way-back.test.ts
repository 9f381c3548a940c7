import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isDestructive } from '../../src/kernel/effects.ts';
import { TOOLS } from '../../tools/index.ts';

/** Nothing is kept of what these destroy. Closed, so that a new tool has to say which it is. */
const WITHOUT = [
  'cloudformation_cancel_update_stack',
  'cloudformation_continue_update_rollback',
  'cloudformation_rollback_stack',
  'ec2_create_image',
  // The id of what is made isn't known before.
  'ec2_create_volume',
  'ec2_delete_snapshot',
  'ec2_deregister_image',
  'ec2_reboot_instances',
  // AWS may give an address back that it released, or to somebody else first: no call promises the one or the other.
  'ec2_release_address',
  'ec2_run_instances',
];

test('a change tool that can destroy something keeps what it takes to bring it back, or stands in the list of those that do not', () => {
  const destroying = TOOLS.flatMap((tool) =>
    tool.kind === 'change' && tool.effects.some(isDestructive) ? [tool] : [],
  );
  expect(destroying.flatMap(({ name, keep }) => (keep ? [] : [name])).sort()).toEqual(WITHOUT);
});

test('docs/recovery.md names each tool that keeps something', () => {
  const page = readFileSync(new URL('../../docs/recovery.md', import.meta.url), 'utf8');
  const keeping = TOOLS.flatMap((tool) => (tool.kind === 'change' && tool.keep ? [tool.name] : []));
  expect(keeping.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});
