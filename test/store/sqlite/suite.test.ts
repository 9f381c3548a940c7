import { verifyFile } from '../../audit/verify-file.ts';
import { storeSuite } from '../store-suite.ts';
import { open, temporaryFolder } from './folder.ts';

storeSuite('SQLite', async () => {
  const folder = temporaryFolder();
  return {
    open: (clock) => open(folder, clock),
    // Some tests ask nothing of the store, and then there is no file.
    verify: async () => {
      const store = open(folder);
      await store.forAudit().head();
      await store.close();
      return await verifyFile(folder.file);
    },
    cleanUp: async () => folder.remove(),
  };
});
