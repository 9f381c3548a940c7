import { afterEach, beforeEach, describe, expect } from 'vitest';
import { askedSuite } from './suite/asked.ts';
import { attendingSuite } from './suite/attending.ts';
import { decidingSuite } from './suite/deciding.ts';
import { executingSuite } from './suite/executing.ts';
import { groundsSuite } from './suite/grounds.ts';
import { logSuite } from './suite/log.ts';
import { openingSuite } from './suite/opening.ts';
import { readingSuite } from './suite/reading.ts';
import { residuesSuite } from './suite/residues.ts';
import { newSubject, type StoreUnderTest } from './suite/subject.ts';

/** What every store must do, whatever it is made of. */
export function storeSuite(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(`${name}, as a store`, () => {
    const subject = newSubject();

    beforeEach(async () => subject.start(await make()));

    afterEach(async () => {
      // Whatever an operation did, the log must hold.
      const verification = await subject.under.verify();
      await subject.store.close();
      await subject.under.cleanUp();
      expect(verification).toMatchObject({ ok: true });
    });

    for (const suite of [
      openingSuite,
      readingSuite,
      askedSuite,
      decidingSuite,
      executingSuite,
      attendingSuite,
      residuesSuite,
      groundsSuite,
      logSuite,
    ])
      suite(subject);
  });
}
