import { expect, test } from 'vitest';
import { impactOf } from '../../tools/cloudformation/deployment/effects/change-effect.ts';
import { modified, sight } from '../tools/resource-change.ts';

/* A variable that changes is told by its name, though what the code makes of it isn't judged. */

test.each<[object, object, string]>([
  [{ A: '1', DB_HOST: 'test' }, { A: '1', DB_HOST: 'prod' }, 'Environment (DB_HOST) is what its code goes by'],
  [{}, { NEW: '1' }, 'Environment (NEW) is what its code goes by'],
])('%j to %j', (before, after, says) => {
  const properties = (Variables: object) => ({ Environment: { Variables } });
  const { effect, detail } = impactOf(
    modified('AWS::Lambda::Function', properties(before), properties(after)),
    sight(),
  );
  expect(detail).toContain(says);
  expect(detail).not.toContain(' (A');
  expect(effect).toBe('modify');
});
