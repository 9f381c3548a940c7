import type { Rule, Rules, Service } from './language.ts';
import { KEY, PLACED_IN, SHAPE } from './shared.ts';

/** How a language is answered, by a function too. */
const LOCALES: Rule = {
  by: 'LocaleId',
  added: 'modify',
  lost: 'disrupt',
  reordered: 'modify',
  each: {
    members: {
      BotAliasLocaleSetting: {
        members: {
          CodeHookSpecification: {
            members: {
              LambdaCodeHook: { members: { CodeHookInterfaceVersion: 'disrupt', LambdaArn: ['acts', 'code'] } },
            },
          },
          Enabled: 'runs',
        },
      },
      LocaleId: 'modify',
    },
  },
};

function logs(destination: Rule): Rule {
  return {
    each: { members: { Destination: destination, Enabled: 'protects' } },
    by: '#',
    added: 'modify',
    lost: 'weaken',
  };
}

const LOGS: Rule = {
  members: {
    AudioLogSettings: logs({
      members: {
        S3Bucket: {
          members: { KmsKeyArn: KEY, LogPrefix: SHAPE, S3BucketArn: ['acts', 'writes-to', { settled: 'weaken' }] },
        },
      },
    }),
    TextLogSettings: logs({
      members: {
        CloudWatch: {
          members: { CloudWatchLogGroupArn: ['acts', 'writes-to', { settled: 'weaken' }], LogPrefix: SHAPE },
        },
      },
    }),
  },
};

const SENTIMENT: Rule = { members: { DetectSentiment: 'modify' } };

/** What is said, and to what it leads: read under the bot's role. One language less isn't understood any more. */
const SPOKEN: Rules = [
  'code',
  { each: 'modify', by: 'LocaleId', added: 'modify', lost: 'disrupt', reordered: 'modify' },
];

export const LEX: Service = {
  // What is changed is its draft; aliases go on with the version that they name.
  'AWS::Lex::Bot': {
    page: 'aws-resource-lex-bot',
    new: 'create',
    properties: {
      AutoBuildBotLocales: 'modify',
      BotFileS3Location: 'code',
      BotLocales: SPOKEN,
      BotMembers: PLACED_IN,
      BotTags: 'tags',
      BotType: 'replaces',
      // That children use it: what they say isn't kept.
      DataPrivacy: { members: { ChildDirected: 'protects' } },
      Description: 'modify',
      ErrorLogSettings: { members: { Enabled: 'protects' } },
      IdleSessionTTLInSeconds: 'limits',
      Name: 'modify',
      Replication: {
        members: { ReplicaRegions: { each: 'modify', added: 'modify', lost: 'delete', reordered: 'modify' } },
      },
      RoleArn: 'acts-as',
      TestBotAliasSettings: {
        members: {
          BotAliasLocaleSettings: LOCALES,
          ConversationLogSettings: LOGS,
          Description: 'modify',
          SentimentAnalysisSettings: SENTIMENT,
        },
      },
      TestBotAliasTags: 'tags',
    },
  },
  'AWS::Lex::BotAlias': {
    page: 'aws-resource-lex-botalias',
    new: 'create',
    properties: {
      BotAliasLocaleSettings: LOCALES,
      BotAliasName: 'modify',
      BotAliasTags: 'tags',
      BotId: ['replaces', 'acts'],
      BotVersion: 'serves',
      ConversationLogSettings: LOGS,
      Description: 'modify',
      SentimentAnalysisSettings: SENTIMENT,
    },
  },
  'AWS::Lex::BotVersion': {
    page: 'aws-resource-lex-botversion',
    new: 'create',
    revision: { of: 'BotId' },
    properties: {
      BotId: ['replaces', 'acts'],
      BotVersionLocaleSpecification: 'code',
      Description: 'modify',
    },
  },
};
