import type { Rule, Rules, Service, TypeKnowledge } from '../language.ts';

/** Who is let through: a set may stand in a rule that allows, and in one that blocks. No order means anything there. */
const LISTED: Rule = { unordered: { standing: 'expose' } };

/** Its name alone makes another one of it. */
function set(page: string, own: Readonly<Record<string, Rules>>): TypeKnowledge {
  return { page, new: 'create', properties: { ...own, Name: 'replaces' } };
}

const metric = { MetricName: 'replaces' } as const;

/** What both have, the one for CloudFront and the one for a region. */
function classic(prefix: 'waf' | 'wafregional'): Readonly<Record<string, TypeKnowledge>> {
  const page = (name: string) => `aws-resource-${prefix}-${name}`;
  return {
    ByteMatchSet: set(page('bytematchset'), { ByteMatchTuples: LISTED }),
    IPSet: set(page('ipset'), { IPSetDescriptors: LISTED }),
    Rule: set(page('rule'), { ...metric, Predicates: LISTED }),
    SizeConstraintSet: set(page('sizeconstraintset'), { SizeConstraints: LISTED }),
    SqlInjectionMatchSet: set(page('sqlinjectionmatchset'), { SqlInjectionMatchTuples: LISTED }),
    WebACL: set(page('webacl'), { ...metric, DefaultAction: { standing: 'expose' }, Rules: LISTED }),
    XssMatchSet: set(page('xssmatchset'), { XssMatchTuples: LISTED }),
  };
}

function named(service: string, types: Readonly<Record<string, TypeKnowledge>>): Service {
  return Object.fromEntries(Object.entries(types).map(([name, row]) => [`AWS::${service}::${name}`, row]));
}

/** The firewall before WAFv2. */
export const WAF_CLASSIC: Service = {
  ...named('WAF', classic('waf')),
  ...named('WAFRegional', {
    ...classic('wafregional'),
    GeoMatchSet: set('aws-resource-wafregional-geomatchset', { GeoMatchConstraints: LISTED }),
    RateBasedRule: set('aws-resource-wafregional-ratebasedrule', {
      ...metric,
      MatchPredicates: LISTED,
      RateKey: 'replaces',
      RateLimit: 'throttles',
    }),
    RegexPatternSet: set('aws-resource-wafregional-regexpatternset', { RegexPatternStrings: LISTED }),
  }),
  'AWS::WAFRegional::WebACLAssociation': {
    page: 'aws-resource-wafregional-webaclassociation',
    new: 'create',
    properties: {
      // It takes the place of the one that was there.
      ResourceArn: ['replaces', 'acts', 'affects'],
      WebACLId: ['replaces', 'uses'],
    },
  },
};
