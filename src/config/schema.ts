import { z } from 'zod';
import { LISTED, type ListedTool } from '../../tools/listed.ts';
import { AgentRule } from '../kernel/allow-list.ts';
import { environmentRule, KnownThing } from '../kernel/environment.ts';
import { FreezeRule } from '../kernel/freeze.ts';
import { nearest } from '../kernel/nearest.ts';
import { matchesPattern } from '../kernel/pattern.ts';
import { Quotas } from '../kernel/quotas.ts';
import { whyNotListed } from '../kernel/tag-effect.ts';
import { Accounts, misplaced } from './accounts.ts';
import { ExternalId, MacroName, RoleArn } from './aws-fields.ts';
import type { FileKind } from './document.ts';
import { DURATION_PATTERN, durationMs } from './duration.ts';
import { Hub } from './hub.ts';
import { Login } from './login.ts';
import { Notify } from './notify.ts';
import { StoreAddress } from './store.ts';

const Duration = z
  .string()
  .regex(DURATION_PATTERN, { error: 'must be a number and a unit: 45s, 30m, 4h or 2d', abort: true })
  .refine((text) => durationMs(text) !== undefined, 'must not be longer than 30d')
  .describe('How long a ticket waits for a decision: 45s, 30m, 4h, 2d. At most 30d.');

/** https://age-encryption.org/v1: what `age-keygen` prints as the public key. */
const AgeRecipient = z
  .string()
  .regex(/^age1[02-9ac-hj-np-z]{58}$/, 'must be an age recipient, as age-keygen prints it: age1...');

/** Passkeys belong to exactly one origin, and browsers have them only on https (and on localhost). */
const WebOrigin = z
  .string()
  .max(300)
  .refine((text) => URL.canParse(text) && new URL(text).protocol === 'https:' && new URL(text).origin === text, {
    error: 'must be an https origin without a path, as in https://approvals.example.com',
  });

/**
 * The configuration file, as written. Strict: a misspelt key would otherwise mean that its protection silently isn't
 * there.
 * @param tools say what kinds of names rules of environments may match
 */
function configFile(tools: readonly ListedTool[]) {
  const kinds = [...new Set(tools.flatMap(({ names }) => names))];
  const rule = environmentRule(kinds)
    .extend({ expire_after: Duration.optional() })
    .refine(
      // No tag to compare means that every resource matches: hardly what someone wants who begins to write tags.
      ({ match }) => match.tags === undefined || Object.keys(match.tags).length > 0,
      { path: ['match', 'tags'], error: 'must name at least one tag' },
    );
  return z
    .strictObject({
      environments: z
        .array(rule)
        .optional()
        .describe(
          'Which environment a resource belongs to. The first rule that matches wins; what none matches is production.',
        ),
      agents: z
        .array(AgentRule)
        .optional()
        .describe(
          'What each agent may ask for: the first rule that matches its name. With this key, an agent that no rule matches changes nothing; without it, there are no lists.',
        ),
      freezes: z.array(FreezeRule).optional().describe('When nothing is to change, and why.'),
      quotas: Quotas.optional().describe('How much an agent may ask for.'),
      approvals: z.strictObject({ expire_after: Duration.optional(), login: Login.optional() }).optional(),
      policy: z
        .string()
        .min(1, 'must be the path of a Cedar file')
        .optional()
        .describe('A Cedar policy file instead of the default policy; relative to the folder of this file.'),
      aws: z
        .strictObject({
          read_role_arn: RoleArn.optional().describe('Assumed for reads and for planning.'),
          execution_role_arn: RoleArn.optional().describe(
            'Assumed by the executor, for one request of one ticket at a time, with a session policy made from its plan.',
          ),
          external_id: ExternalId.optional().describe("What the execution role's trust asks for (sts:ExternalId)."),
        })
        .optional(),
      accounts: Accounts.optional(),
      store: StoreAddress.optional().describe(
        'The PostgreSQL database that several hosts share, instead of the file in the state folder. --store and HOLDSHORT_STORE count before it.',
      ),
      anchor: z
        .string()
        .min(1, 'must be the path of a folder')
        .optional()
        .describe(
          'The folder that all hosts of one store share, with what was begun and how far the log was seen: executors on a PostgreSQL database need one. Relative to the folder of this file; it is made by hand.',
        ),
      cloudformation: z
        .strictObject({
          macros: z
            .array(MacroName)
            .max(100)
            .optional()
            .describe(
              "Macros that may run while a change is being planned, by their whole names. AWS's own transforms need no entry; AWS::Include, AWS::Serverless::Application and AWS::CloudFormation::Stack do where they bring in a text that can't be seen beforehand.",
            ),
          compare_live: z
            .boolean()
            .optional()
            .describe(
              'Whether planning an update asks AWS what was changed by hand and would be written over: a second change set, which is deleted at once. Left out, it does.',
            ),
        })
        .optional(),
      recovery: z
        .strictObject({
          readers: z
            .record(z.string().regex(/^[a-z0-9][a-z0-9._@-]{0,63}$/, "must be a person's name"), AgeRecipient)
            .optional()
            .describe('Who can open recovery kits besides this installation, by name: age recipients.'),
        })
        .optional()
        .describe('What is kept of what destructive changes change, before they run.'),
      web: z
        .strictObject({
          port: z
            .int()
            .min(1)
            .max(65_535)
            .optional()
            .describe('Where the approval page listens, on this machine only.'),
          origin: WebOrigin.optional().describe('The address of a proxy in front of the page, as browsers see it.'),
          attestation_roots: z
            .string()
            .min(1, 'must be the path of a PEM file')
            .optional()
            .describe('Certificates of makers of authenticators whose word counts as hardware; relative to this file.'),
        })
        .optional()
        .describe('The local approval page. Its being here says that there is one: agents are then given its links.'),
      hub: Hub.optional(),
      notify: z.array(Notify).max(20).optional().describe('Who is told of tickets and of who may decide, by webhook.'),
      notify_desktop: z
        .boolean()
        .optional()
        .describe('Show what waits on the desktop of whoever runs serve or executor.'),
      known: z
        .array(KnownThing)
        .max(1_000)
        .optional()
        .describe(
          "Whose an existing thing is that changes act on or act as: where AWS can't tell it, or where it is shared. `id` is its ARN, id or name; * stands for any characters. The first that matches wins, before `environments`.",
        ),
      tags: z
        .strictObject({
          without_effect: z
            .array(z.string())
            .max(100)
            .optional()
            .describe(
              'Keys of tags, exactly, on which nothing rests: no environment, no access, no backup, no automation. To set, change or remove such a tag is then as harmless as with Name and Description.',
            ),
        })
        .optional(),
    })
    .superRefine((file, context) => {
      const { tags, environments = [], agents = [] } = file;
      for (const issue of unknownTools(agents, tools)) context.addIssue({ code: 'custom', ...issue });
      for (const issue of misplaced(file)) context.addIssue({ code: 'custom', ...issue });
      for (const [at, key] of (tags?.without_effect ?? []).entries()) {
        const message = whyNotListed(key, { environments });
        if (message !== undefined) context.addIssue({ code: 'custom', path: ['tags', 'without_effect', at], message });
      }
    })
    .describe('Configuration of Holdshort');
}

/** A name or pattern that no tool has would allow nothing, without a word. */
function unknownTools(rules: readonly AgentRule[], tools: readonly ListedTool[]) {
  const names = tools.map(({ name }) => name);
  return rules.flatMap(({ tools: patterns = [] }, rule) =>
    [...patterns.entries()].flatMap(([at, pattern]) => {
      if (names.some((name) => matchesPattern(pattern, name))) return [];
      const meant = nearest(pattern, names);
      const message = `no tool is called ${pattern}${meant ? `; did you mean ${meant}?` : ''}`;
      return [{ path: ['agents', rule, 'tools', at], message }];
    }),
  );
}

export type ConfigFile = z.infer<ReturnType<typeof configFile>>;

/** What a configuration file is. */
interface Configuration extends FileKind {
  readonly file: z.ZodType<ConfigFile>;
}

const known = new WeakMap<readonly ListedTool[], Configuration>();

/** What it is for an installation that has these tools; made when first asked for, as most have no file. */
export function configurationFor(tools: readonly ListedTool[]): Configuration {
  const made = known.get(tools) ?? configurationOf(configFile(tools));
  known.set(tools, made);
  return made;
}

function configurationOf(file: ReturnType<typeof configFile>): Configuration {
  const schema = () => z.toJSONSchema(file, { io: 'input' });
  return { code: 'config_invalid', until: '; until then nothing runs', example: 'docs/configuration.md', schema, file };
}

/** JSON Schema (draft 2020-12) of the configuration file; editors complete and check from it. */
export function configSchema(): z.core.JSONSchema.JSONSchema {
  return configurationFor(LISTED).schema();
}
