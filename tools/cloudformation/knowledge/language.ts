import type { Verdict } from './verdict.ts';

/*
 * The words in which people wrote down what they know of CloudFormation's types, one row for each that was reviewed, as
 * plain data. What has no row is `unjudged`, whatever its name promises: AWS adds properties faster than lists follow.
 */

/**
 * A rule for a value, which compares what is with what would be. A value that can't be read (masked, known only after
 * the execution, of another shape) counts as the worst that the rule can say. Of a new resource only `expose` is said:
 * there was nothing to interrupt, to weaken or to delete.
 */
export type Rule =
  /** Any change, whatever the values. */
  | Verdict
  /** CloudFormation only changes it by a new resource, as AWS's own word says; in place: `unjudged`. */
  | 'replaces'
  /** What its members are made by: `replace` where an `UpdatePolicy` ends those that run, else for later ones only. */
  | 'rolls'
  /** A switch, a number, a document of them: off, less or gone is `weaken`. Absent is off, or on by `-by-default`. */
  | 'protects'
  | 'protects-by-default'
  /** The reverse: on is `weaken`. */
  | 'endangers'
  | 'endangers-by-default'
  /** How long or how many are kept: less or gone is `weaken`, and isn't put back. Absent is none. */
  | 'retains'
  /** When stored data, or what came in, is deleted: sooner, or set where nothing was, is `delete`. Absent is never. */
  | 'expires'
  /** How much of it runs: less or gone is `disrupt`. Absent is more than any number before, less than any after. */
  | 'capacity'
  /** How much it may do at most: less, or set where nothing was, is `disrupt`. Absent is no limit. */
  | 'limits'
  /** The same of what guards what is behind it, or the bill: more, or no limit any more, is `weaken`. */
  | 'throttles'
  /** How long it takes until something is noticed, or something granted ends: more or none is `weaken`. */
  | 'delays'
  /** How long, or for how many at once, those who depend on it wait: more or none is `disrupt`. */
  | 'waits'
  /** From what on an alarm tells: a condition that is met later, or can't be compared, is `weaken`. */
  | 'threshold'
  /** Whether it runs: off is `disrupt`. Absent is off, or with `-by-default` on. */
  | 'runs'
  | 'runs-by-default'
  /** Whether it can be reached from outside or without a name: on is `expose`, also when new; off is `disrupt`. */
  | 'opens'
  | 'opens-by-default'
  /** Whether callers are kept out: off (absent too, but by `-by-default` or of a new one) is `expose`; on `modify`. */
  | 'fences'
  | 'fences-by-default'
  /** A password, key or token by which others sign in: another one is `disrupt`, and the old one isn't put back. */
  | 'secret'
  /**
   * To where it passes on what callers send, tokens too, or sends what it has: another host is `expose`, and so is
   * another account by an ARN. Whose a function or service of AWS is that it leads to, `code` says.
   */
  | 'passes-on'
  /**
   * Texts that may name a host: one that wasn't named before is `expose`. So it is of each value whose rules don't say
   * themselves whose it is that it names, and aren't `modify`; as is another account's number or ARN, of a new one too.
   * What can't be read may be one, where the property's name says that it leads somewhere.
   */
  | 'may-pass-on'
  /**
   * What is executed: code, image, user data, definition. `modify`, and said to be code; as whom it runs, `acts-as`
   * says. What it names of another account's, and a bucket of which nobody can tell that it is this account's, is
   * reached and `expose` when it is new there: others may change that code. Other code is `expose` where it runs as a
   * role of the template that was there and may do more than was reviewed as harmless, or as one that it only names; so
   * are words to it, `steers`, and words to other code of the template that was there and runs so, `instructs`.
   */
  | 'code'
  /** Which version of code is served, or to how many: `disrupt`, unless the same change set makes it for this one. */
  | 'serves'
  | 'steers'
  | 'instructs'
  /** Code that each call from outside passes by: `expose` where it may have turned some away. */
  | 'guards'
  /** Tags but those on which nothing rests (`src/kernel/tag-effect.ts`): any difference but their order is `weaken`. */
  | 'tags'
  /** For which an instance of EC2 is stopped: `disrupt`, and what is on disks of its own isn't put back. */
  | 'stops'
  /**
   * Names what it acts on (ARN, id, name; a list or document of them). Whatever isn't made by the same template is
   * reached: a target of the plan, and `disrupt`, also when new or removed. One less, or another, is `disrupt`. What is
   * another account's by its ARN, or a host, is `expose`. An ARN that says that it ends or deletes is `delete`.
   */
  | 'acts'
  /** To where it writes, beside `acts` or `uses`: another place that isn't the template's own is `expose`. */
  | 'writes-to'
  /**
   * Names from where it takes what comes, as `acts`, and of a new one what it takes of the template's own: `disrupt`
   * where that isn't new in the same change set. Out of a queue that others read it is `delete`: they don't get it.
   */
  | 'takes'
  /**
   * Names what a new one changes by being there: a network's names, a listener's requests, a cluster's defaults. Where
   * that isn't new in the same change set it is `disrupt`; what isn't the template's own, `acts` says.
   */
  | 'affects'
  /**
   * Says which calls a part of an API answers. Of a new part it is `expose` where what stands answered some of them:
   * what the new one asks of callers, and where it leads, isn't compared with that.
   */
  | 'answers'
  /**
   * Names who is told what happens: topics of SNS. One that isn't made by the same template is reached, and gets a
   * message more, which is `modify` in the same account. One less, or another, is `weaken`: nobody sees it. All else
   * that it names is judged as `acts`: an alarm may also stop an instance.
   */
  | 'notifies'
  /**
   * When it runs. Set where nothing was, a `rate` that comes no later than before, or a `cron` that has all the times
   * that it had, is `modify`, unless it comes so often that it may run over itself, and didn't; any other time, or
   * none, is `disrupt`.
   */
  | 'schedule'
  /** `Filters`, one of which takes what comes, else it is gone: a first one, one less or another is `delete`. */
  | 'sifts'
  /**
   * Names who is told what a topic tells: as `acts`, but an e-mail address or phone number isn't reached. To tell one
   * more is `expose`, unless the topic is new.
   */
  | 'tells'
  /**
   * Names the identity by which it acts or its code runs. One that isn't made by the same template is reached and
   * `expose`. Another one of the template's own is `expose` unless it is new in the same change set, where it has a
   * line of its own.
   */
  | 'acts-as'
  /**
   * Names what it copies into itself when it is made (a snapshot, a backup, another database), for those who may use
   * it then. What isn't made by the same template is reached and `expose`, as the right to read it is; what it has
   * copied already isn't reached again.
   */
  | 'reads'
  /** Names what it is placed in, without an effect on that and without what is in it: another one is `modify`. */
  | 'uses'
  /** Texts that may name what is acted on: an ARN or id counts as for `acts`, a role as for `acts-as`. */
  | 'may-act'
  /** A policy document or a list of them, managed ones too: what something may do. Judged by what it says. */
  | 'permits'
  /**
   * A policy document that says who may use it (a resource's policy, a role's trust), or the name of one principal.
   * Judged by what it says.
   */
  | 'admits'
  /** Network rules: let in more is `expose`, less is `disrupt`. Judged over all `network` properties together. */
  | 'network'
  /**
   * Rules by which stored things are deleted as they age (a document or text of them, as S3's or ECR's): one that is on
   * and deletes, and wasn't there before as it is, is `delete`, unless it only keeps longer or more than one that was
   * there. One that moves things is `disrupt` where they must be fetched back to be read, `weaken` where one place
   * alone has them, and `modify` else, as is one less.
   */
  | 'ages'
  /**
   * An OpenAPI definition. Changed: an operation less, or one that turns more away, is `disrupt`; one that lets in more
   * than before, or is new and open to all, is `expose`. New: open ones are `expose`. What it can't be read for is the
   * worst of these. All else that it says is judged as the resource that says it (`apigateway/definition.ts`).
   */
  | 'openapi'
  /**
   * A GraphQL schema in SDL. A directive of AWS less or another (`@aws_auth`, `@aws_iam`, … say who may ask) is
   * `expose`; a type, field or value less is `disrupt`; else `modify`. What can't be read for it is `expose`.
   */
  | 'graphql'
  /**
   * One of those above where AWS takes a number of its own when none is given; `fits` where none means as much as is
   * needed, neither less nor more than any number. `endless` is the number that AWS takes for "without end": more than
   * any other.
   */
  | {
      readonly number: 'retains' | 'expires' | 'capacity' | 'limits' | 'throttles' | 'delays' | 'waits';
      readonly absent: number | 'fits';
      readonly endless?: number;
    }
  /** Any change, unless the new template's `UpdatePolicy` has this switch on: then AWS makes a new one of it. */
  | { readonly updates_by: string; readonly otherwise: Verdict }
  /** Once it is set: another or none is this. Set where nothing was (a first key, boundary, log) it is `modify`. */
  | { readonly settled: Verdict }
  /** Once it is set: none any more is this. Another isn't. */
  | { readonly ends: Verdict }
  /** By whether one of these paths is given in the new template; `#` is the list's entry that the value is in. */
  | { readonly given: readonly string[]; readonly is: Rules; readonly otherwise: Rules }
  /** Said unless one of these, which stand beside it, changes as well: a variable that new code no longer reads. */
  | { readonly unless_changed: readonly string[]; readonly otherwise: Rules }
  /** Said only of a resource that was there before: a new one starts with it. */
  | { readonly standing: Rules }
  /**
   * Said unless it is new among new things: the same change set adds all that these properties (of the top level) name,
   * and they take it from their own template. Nobody could reach what wasn't there.
   */
  | { readonly among: readonly string[]; readonly otherwise: Rules }
  /**
   * The same for good: the old template doesn't put back what it does (an engine's version), so that it isn't called
   * recoverable, not where it is `modify` either.
   */
  | { readonly lasting: Rules }
  /** Said only where the value is given, before or after: of a new resource without it AWS's default is mild. */
  | { readonly stated: Rules }
  /** Of these names everyone in the account has the use, as of the bus `default`; of any other `other` says. */
  | { readonly shared: readonly string[]; readonly other: Rules }
  /**
   * Where no value is given, or no longer one, or an empty list: AWS's default is this. Of a new resource `expose`
   * alone is said. Not where it is said in another place: `Property`, or `Property.*.Member` in each entry of a list.
   */
  | { readonly unsaid: Verdict; readonly unless?: readonly string[] }
  /** Said of a new resource as if it had been there without the value: what it acts on may stand already. */
  | { readonly acting: Rules }
  /** An event pattern. One that surely takes all that it took is `modify`, any other this. None takes `absent`. */
  | { readonly selects: Verdict; readonly absent: 'all' | 'none' }
  /** From this value, or none where that is AWS's `absent`, to any other. */
  | { readonly leaves: string; readonly is: Verdict; readonly absent?: string }
  /** By the value that it takes, in its own spelling; what isn't listed is `otherwise`. */
  | {
      readonly values: Readonly<Record<string, Verdict>>;
      readonly otherwise: Verdict;
      /** The value that AWS takes where none is given; without it an absent value is `otherwise`. */
      readonly absent?: string;
    }
  /** Values in an order; towards the first, or to one that isn't listed, is `less`. To the last is `modify`. */
  | { readonly order: readonly string[]; readonly less: Verdict; readonly absent?: string }
  /** A document. A member without rules of its own is `unjudged`, or as `others` say. */
  | { readonly members: Readonly<Record<string, Rules>>; readonly others?: Rules }
  /**
   * A list. Entries are the same by the member `by` (without it: by all they say; with `#`: by their place). One that
   * only one side has is `added` or `lost`. `each` compares the two of an entry that stays, and judges an added one;
   * `known` does so for entries of these names. Others may have another order: `reordered` (left out: the worst of
   * `added` and `lost`), or one more before them: `ahead` (left out: as `reordered`).
   */
  | {
      readonly each: Rules;
      readonly by?: string;
      readonly known?: Readonly<Record<string, Rules>>;
      readonly added: Verdict;
      readonly lost: Verdict;
      readonly reordered?: Verdict;
      readonly ahead?: Verdict;
    }
  /** A list whose order means nothing: the same entries in another one are no change. Any other is judged by these. */
  | { readonly unordered: Rules }
  /** Steps in their order, or `texts` put into them: what held up others, and is another or passed by, is `weaken`. */
  | { readonly flow: 'actions' | 'states' | 'steps' | 'texts' }
  /** A text of lines `name=value`, judged as a document. */
  | { readonly lines: Rules }
  /** A map with free keys. One that is added as `create` is judged as a new resource is. */
  | { readonly keys: Rules; readonly added: Verdict | 'create'; readonly lost: Verdict };

/** Several: the worst that one says holds. */
export type Rules = Rule | readonly Rule[];

export interface TypeKnowledge {
  /** Of AWS's reference: `https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/<page>.html` */
  readonly page: string;
  /** What a new one does by existing, whatever its properties say; `create` where it is `among` new things. */
  readonly new: 'create' | Verdict | { readonly among: readonly string[]; readonly otherwise: Verdict };
  /** What is lost with one that is removed; without it `delete`. */
  readonly gone?: Verdict;
  /**
   * A numbered state of something else, which nothing needs any more once it is removed or replaced, or which AWS keeps
   * for those who do: removal and replacement are `modify`. Its properties are judged all the same.
   * Where others may name it by its number, and AWS doesn't keep it for them: `of` is the property that says what it is
   * a state of. Removed without another one of the same in the same change set it is `disrupt`, and a number isn't
   * given twice.
   */
  readonly revision?: true | { readonly of: string };
  /**
   * By the name in this property others start or take the latest of a family of numbered states, which may stand in
   * another stack: a new one becomes that. `arn` is what comes before the name (`ecs:R:A:task-definition/`). A name
   * that isn't the stack's own is reached.
   */
  readonly joins?: { readonly by: string; readonly arn: string };
  /**
   * It only ties others together: it stores nothing and runs nothing, and where CloudFormation replaces it, the new one
   * is made first, both can stand at once, and nothing is lost with the old one. Its replacement is `modify` where none
   * of its properties says worse; one that says no more than `replaces`, or that isn't here, is `replace`.
   * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
   */
  readonly tie?: true;
  /** Where these alone may replace it, by the change set, it stays: AWS's page says `some interruptions` of them. */
  readonly stays?: readonly string[];
  /** It stores what only it has. */
  readonly holds?: 'data';
  /**
   * It acts on all of the account in this region (or on more accounts), by being there, or takes the place of a
   * setting of which the account has one: that is reached. Of anything else, a new one by the name of one that stands
   * is no such thing: AWS has CloudFormation fail then.
   * https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/contract-tests.html
   */
  readonly wide?: 'account' | 'organization';
  /** Top-level properties; one that isn't here is `unjudged`. */
  readonly properties: Readonly<Record<string, Rules>>;
}

/** The types of one service by their whole names, and all that was reviewed. */
export type Service = Readonly<Record<string, TypeKnowledge>>;
export type Knowledge = ReadonlyMap<string, TypeKnowledge>;
