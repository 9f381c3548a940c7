import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

/** Loaded before the command: writes down what that loads. */
registerHooks({
  load(url, context, next) {
    appendFileSync(process.env.LOADED ?? '', `${url}\n`);
    return next(url, context);
  },
});
