import { storeSuite } from '../store-suite.ts';
import { open, temporaryFolder } from './folder.ts';

storeSuite('SQLite', async () => {
  const folder = temporaryFolder();
  return { open: (clock) => open(folder, clock), cleanUp: async () => folder.remove() };
});
