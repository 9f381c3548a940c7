import { sha256 } from '../../../src/kernel/digest.ts';
import type { Impact } from '../../../src/kernel/plan.ts';
import { bounded } from '../../../src/kernel/safe-text.ts';
import type { Readers } from '../../define.ts';
import type { LaunchTemplateVersion } from '../../ports/ec2-storage.ts';

/**
 * The launch templates that name an image or snapshot, and how many name their image through a parameter, which isn't
 * resolved here.
 */
export interface TemplateUsers {
  readonly using: readonly { readonly id: string; readonly name: string; readonly versions: readonly number[] }[];
  readonly by_parameter: number;
}

/**
 * Reads the latest and the default version of every launch template, and picks out here: a filter would hide those that
 * name their image as `resolve:ssm:…`, and emulators ignore it. Older versions aren't looked at, and a plan must say
 * so.
 */
export async function templateUsers(
  { ec2 }: Readers,
  uses: (version: LaunchTemplateVersion) => boolean,
): Promise<TemplateUsers> {
  const versions = await ec2.launchTemplateVersions();
  const users = new Map<string, { name: string; versions: Set<number> }>();
  const byParameter = new Set<string>();
  for (const version of versions) {
    const { launch_template_id: id, launch_template_name: name } = version;
    if (version.image_id?.startsWith('resolve:')) byParameter.add(id);
    if (!uses(version)) continue;
    const user = users.get(id) ?? { name, versions: new Set<number>() };
    user.versions.add(version.version);
    users.set(id, user);
  }
  const using = [...users].map(([id, user]) => ({
    id,
    name: user.name,
    versions: [...user.versions].sort((a, b) => a - b),
  }));
  return { using: using.sort((a, b) => (a.id < b.id ? -1 : 1)), by_parameter: byParameter.size };
}

/** A line for each template that can't launch any more. */
export function templateLines({ using }: TemplateUsers, what: string): readonly Impact[] {
  return using.map(({ id, name, versions }) => ({
    resource: id,
    type: 'AWS::EC2::LaunchTemplate',
    effect: 'disrupt' as const,
    detail: `can launch no instance any more by version ${versions.join(' and ')}, which names ${what}: whoever scales or recovers with it fails until it names another; its name is "${bounded(name, 128, sha256).replaceAll('"', "'")}"`,
    recoverable: true,
  }));
}

/** What a plan doesn't know about templates, for its text. */
export function templatesUnseen({ by_parameter }: TemplateUsers): string {
  const parameters =
    by_parameter === 0
      ? ''
      : `, nor is what ${by_parameter} launch template${by_parameter === 1 ? '' : 's'} name through a parameter`;
  return `older versions of launch templates are not looked at${parameters}`;
}

export function usersGuard({ using, by_parameter }: TemplateUsers) {
  return { using: using.map(({ id, versions }) => `${id} ${versions.join(' ')}`), by_parameter };
}
