const PROOF = { key: 'a key', presence: 'a passkey or security key' } as const;

/**
 * The rules of the installation. What permits only ever asks for "at least" so many approvals, and what forbids looks
 * at none: one more approval never turns a yes into a no.
 * @param production how well an approval in production proves a person. A key file signs for every program that can
 *   read it, an agent with a shell among them; a passkey signs for someone who is there.
 * @param people `solo` where there is nobody but the agent's operator: then that one person's approval is enough in
 *   production too
 */
export function policyText(production: keyof typeof PROOF, people: 'several' | 'solo' = 'several'): string {
  return `// What agents may do, and how many people must agree first. The language is Cedar (https://www.cedarpolicy.com).
//
// Nothing is permitted unless a policy here permits it, and a "forbid" overrules every "permit".
//
//   principal   the agent; principal.operator is the person or team that it works for
//   action      a tool, written as IAM writes actions: Action::"ec2:TerminateInstances" is ec2_terminate_instances;
//               or all of a kind: Action::"read", Action::"change"
//   resource    Environment::"sandbox", "development", "staging" or "production"; what no rule of the configuration
//               matches is production
//   context     effects      what the change really does: Effect::"create", "modify", "unjudged", "disrupt", "expose",
//                            "weaken", "replace", "delete", "unknown"; "unjudged" is a change that AWS names and
//                            nobody has reviewed yet
//               destructive  true unless all effects are read, create or modify
//               resources    how many resources it touches
//               delete_and_recreate  true for making anew a stack that was deleted within a day, or is about to be
//               restores     true where it brings back what another ticket changed, from what was kept of that
//               undo         Undo::"yes", "in_part" or "no": how much of it could be brought back from what is kept
//               snapshot_first  true where it takes a snapshot, right before, of each EBS volume that it deletes
//               rehearsed, rehearsal_failed  whether it was played on a copy in our model of AWS, and whether it, or its
//                            way back, failed there; nothing is safe for that
//               unsettled    true where a ticket about the same isn't settled; at least one approval is asked then anyhow
//               account, region
//               allowed      whether the agent's allow-list (agents: in the configuration) has the tool, the environment
//               freeze       active, names, reason, until: the freezes (freezes: in the configuration) that hold now
//               asked        what the agent asked before: destructive_last_hour, pending
//               quota        how much it may (quotas: in the configuration): destructive_per_hour, pending,
//                            resources_per_plan
//               break_glass  who breaks the glass on this plan now: client, key, presence, hardware, each a set of names
//               approvals    how many people approved exactly this plan, by how well each proved to be that person:
//                            client < key < presence < hardware; each number counts that level and the ones above.
//                            approvals.all.key counts everybody, approvals.without_operator.key all but the operator.
//
// A change that would be permitted with more approvals waits for them; one that never would be is refused.
// After editing: holdshort policy check
//
// Breaking the glass: one approver alone, with a reason, within 15 minutes, shouted until somebody else has reviewed it. Nobody may,
// unless a rule like this one names them:
//
//   @id("break-glass")
//   @description("noa may change production alone, with a passkey, when nobody else can be reached")
//   permit (principal, action in Action::"change", resource == Environment::"production")
//   when { context.break_glass.presence.contains("noa") };
//
// Interruptions without anybody: in an account for development alone, where what runs may stop for a while, a rule like this one lets
// run at once what does no more than that. With Effect::"weaken" in its list also what protects, keeps or records less:
//
//   @id("interruptions-in-development")
//   @description("in development what only interrupts runs at once")
//   permit (principal, action in Action::"change", resource == Environment::"development")
//   when {
//     [Effect::"read", Effect::"create", Effect::"modify", Effect::"disrupt"].containsAll(context.effects) &&
//     !context.delete_and_recreate
//   };

@id("reads")
@description("reading is free everywhere")
permit (principal, action in Action::"read", resource);

@id("sandbox")
@description("the sandbox is for trying out: everything runs at once")
permit (principal, action, resource == Environment::"sandbox");

@id("harmless-outside-production")
@description("what destroys nothing runs at once outside production")
permit (principal, action in Action::"change", resource)
when { !context.destructive && !context.delete_and_recreate }
unless { resource == Environment::"production" };

@id("harmless-in-production")
@description("what destroys nothing needs one approval with ${PROOF[production]} in production; the operator may give it")
permit (principal, action in Action::"change", resource == Environment::"production")
when { !context.destructive && !context.delete_and_recreate && context.approvals.all.${production} >= 1 };

@id("destructive-in-development")
@description("what destroys needs one approval of any kind in development")
permit (principal, action in Action::"change", resource == Environment::"development")
when { (context.destructive || context.delete_and_recreate) && context.approvals.all.client >= 1 };

@id("destructive-in-staging")
@description("what destroys needs one approval with a key in staging")
permit (principal, action in Action::"change", resource == Environment::"staging")
when { (context.destructive || context.delete_and_recreate) && context.approvals.all.key >= 1 };

${people === 'solo' ? destructiveAlone(production) : destructiveByAnother(production)}

@id("tool-not-allowed")
@description("the agent's allow-list does not have this tool")
forbid (principal, action in Action::"change", resource)
unless { context.allowed.tool };

@id("environment-not-allowed")
@description("the agent's allow-list does not have this environment")
forbid (principal, action in Action::"change", resource)
unless { context.allowed.environment };

@id("freeze")
@description("nothing changes during a freeze")
forbid (principal, action in Action::"change", resource)
when { context.freeze.active };

@id("too-many-resources")
@description("a plan touches no more than a person can judge")
forbid (principal, action in Action::"change", resource)
when { context.resources > context.quota.resources_per_plan }
unless { resource == Environment::"sandbox" };

@id("too-many-pending")
@description("an agent with so much waiting for people asks for nothing more")
forbid (principal, action in Action::"change", resource)
when { context.asked.pending >= context.quota.pending }
unless { resource == Environment::"sandbox" };

@id("too-much-destruction")
@description("an agent destroys only so much within an hour")
forbid (principal, action in Action::"change", resource)
when {
  (context.destructive || context.delete_and_recreate) &&
  context.asked.destructive_last_hour >= context.quota.destructive_per_hour
}
unless { resource == Environment::"sandbox" };
`;
}

function destructiveByAnother(production: keyof typeof PROOF): string {
  return `@id("destructive-in-production")
@description("what destroys needs one approval with ${PROOF[production]} in production, by somebody other than the operator")
permit (principal, action in Action::"change", resource == Environment::"production")
when { (context.destructive || context.delete_and_recreate) && context.approvals.without_operator.${production} >= 1 };`;
}

function destructiveAlone(production: keyof typeof PROOF): string {
  return `@id("destructive-in-production-solo")
@description("solo: one person works here alone, and approves with ${PROOF[production]} what their own agent destroys in production")
permit (principal, action in Action::"change", resource == Environment::"production")
when { (context.destructive || context.delete_and_recreate) && context.approvals.all.${production} >= 1 };`;
}

/** The policy that holds when the configuration names none; `holdshort init` writes it out for people to change. */
export const DEFAULT_POLICY = policyText('presence');

/**
 * The same for one person alone, who is asked and approves: nobody else sees what their agent destroys. `holdshort init
 * --solo` writes it.
 */
export const SOLO_POLICY = policyText('presence', 'solo');

/** The policies that commands write; `demo` the last, because nobody has a passkey there. */
export const OWN_POLICIES: readonly string[] = [DEFAULT_POLICY, SOLO_POLICY, policyText('key')];
