import { z } from 'zod';
import { HoldshortError } from '../../../src/kernel/errors.ts';
import type { Target } from '../../../src/kernel/target.ts';
import type { ResourceToImport, TemplateFacts } from '../../ports/cloudformation.ts';
import type { Level } from './levels.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceToImport.html */
export const ResourcesToImport = z
  .array(
    z.strictObject({
      resource_type: z.string(),
      logical_resource_id: z.string(),
      resource_identifier: z.record(z.string(), z.string()).describe('{"BucketName":"…"}'),
    }),
  )
  .refine((list) => list.length >= 1 && list.length <= 200, 'names none, or more than 200; give 1 to 200')
  .refine((list) => JSON.stringify(list).length <= 100_000, 'is too long; import fewer at a time');

/** Refuses, before AWS is asked, what it refuses minutes later or in words that don't help. @throws invalid_input */
export function refuseImport(wanted: readonly ResourceToImport[], template: TemplateFacts | undefined): void {
  if (!template)
    throw invalid(
      'an import needs template_body',
      'pass as template_body the present template with the resources added to it',
    );
  const seen = new Set<string>();
  for (const { logical_resource_id: id, resource_type } of wanted) {
    const resource = Object.hasOwn(template.resources, id) ? template.resources[id] : undefined;
    if (seen.has(id)) throw invalid(`resources_to_import names ${id} twice`, 'name each once');
    seen.add(id);
    if (resource?.type !== resource_type)
      throw invalid(
        `the template has no ${id} of type ${resource_type}`,
        'describe each resource to import in the template',
      );
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources-manually.html
    if (resource.deletion_policy === undefined)
      throw invalid(
        `${id} has no DeletionPolicy, which AWS demands of a resource to import`,
        'give it DeletionPolicy: Retain in the template',
      );
  }
}

function invalid(what: string, recovery: string): HoldshortError {
  return new HoldshortError('invalid_input', what, recovery);
}

/**
 * What is imported isn't the stack's yet: it is classified by itself. Its tags aren't known here, and it has no stack
 * whose name a rule could match, so that only rules by account and region can make it anything else than production.
 */
export function importTargets(levels: readonly Level[]): readonly Target[] {
  return levels
    .flatMap(({ changeSet }) => changeSet.changes)
    .filter(({ action }) => action === 'Import')
    .map(({ logical_id, physical_id, type }) => {
      const id = physical_id || logical_id;
      return { id, type, name: id, tags: {} };
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}
