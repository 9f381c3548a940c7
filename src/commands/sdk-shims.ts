import type { jsonSchemaValidator } from '@modelcontextprotocol/server';

/** In the bundle this file takes the place of the SDK's own choice of what it needs from Node (`build.ts`). */
export { default as process } from 'node:process';

/**
 * By JSON Schema the SDK checks what a client's user answered to a form. The companion gives it a validator for that;
 * the agent's server asks nobody, and zod checks every input. A server that began to ask would fail here, instead of
 * believing an answer that nobody checked.
 */
export class DefaultJsonSchemaValidator implements jsonSchemaValidator {
  getValidator(): never {
    throw new Error('this server was given no validator of JSON Schema');
  }
}
