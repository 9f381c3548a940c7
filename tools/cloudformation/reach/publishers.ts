/**
 * Layers and images that Amazon publishes for everyone, by what they are called and from which accounts: another
 * account may call its own the same, and of these accounts only what is named here counts.
 * https://github.com/aws/aws-cdk/tree/main/packages/aws-cdk-lib/region-info
 */
const PUBLISHED: readonly (readonly [name: RegExp, accounts: string])[] = [
  [
    /^lambda:[a-z0-9-]+:ACCOUNT:layer:LambdaInsightsExtension(-Arm64)?$/,
    '012438385374 033019950311 066549572091 122132214140 145023102084 158895979263 194566237122 198461476570' +
      ' 285320876703 339249233099 352183217350 439286490199 459530977127 488211338238 519774774795 580247275435' +
      ' 590183865173 605207715842 727646510379 732604637566 751350123760 761018874580 761377655185 879381266642' +
      ' 891564319516 946466191631',
  ],
  [
    /^lambda:[a-z0-9-]+:ACCOUNT:layer:AWS-AppConfig-Extension(-Arm64)?$/,
    '000010852771 027255383542 039592058896 066940009817 080788657173 203683718741 282860088358 307021474294' +
      ' 359756378197 418787028745 421114256042 434848589818 489524808438 493207061005 554480029851 559955524753' +
      ' 574348263942 586093569114 615057806174 615084187847 630222743974 646970417810 662846165436 706869817123' +
      ' 728743619870 758369105281 826293736237 946561847325 946746059096 958113053741 980059726660',
  ],
  [
    /^lambda:[a-z0-9-]+:ACCOUNT:layer:AWS-Parameters-and-Secrets-Lambda-Extension(-Arm64)?$/,
    '015030872274 044395824272 070087711984 127562683043 129776340158 133256977650 133490724326 176022468876' +
      ' 177933569100 187925254637 200266452380 287114880934 287310001119 317013901791 325218067255 345057560386' +
      ' 427196147048 490737872127 524103009944 576959938190 590474943231 665172237481 738900069198 768336418462' +
      ' 772501565639 780235371811 832021897121 858974508948 933737806257 997803712105',
  ],
  // https://aws-otel.github.io/docs/getting-started/lambda
  [/^lambda:[a-z0-9-]+:ACCOUNT:layer:aws-otel-[a-z0-9-]+$/, '901920570463'],
  [
    /^lambda:[a-z0-9-]+:ACCOUNT:layer:AWSOpenTelemetryDistro[A-Za-z]*$/,
    '615299751070 904233096616 888577020596 796973505492 039612877180 713881805771 156041407956',
  ],
  // https://docs.aws.amazon.com/powertools/
  [/^lambda:[a-z0-9-]+:ACCOUNT:layer:AWSLambdaPowertoolsPython[\w-]*$/, '017000801446'],
  [/^lambda:[a-z0-9-]+:ACCOUNT:layer:AWSLambdaPowertoolsTypeScript[\w-]*$/, '094274105915'],
  // https://aws-sdk-pandas.readthedocs.io/en/stable/layers.html
  [/^lambda:[a-z0-9-]+:ACCOUNT:layer:AWSSDKPandas-[\w-]+$/, '336392948345 839552336658'],
  // Deep Learning Containers: https://docs.aws.amazon.com/sagemaker/latest/dg-ecr-paths/
  [
    /^ecr:[a-z0-9-]+:ACCOUNT:repository\/.+$/,
    '124382933778 204133271717 217643126080 303241398832 380420809688 454834333376 457447274322 503227376785' +
      ' 633930458069 692866216735 727897471807 763104351884 772153158452 871362719292 907027046896 914824155844' +
      ' 975050140332',
  ],
];

/** @param plain an ARN without `arn:PARTITION:` */
export function isAmazonsCode(plain: string): boolean {
  const [, , account = ''] = plain.split(':');
  const form = plain.replace(`:${account}:`, ':ACCOUNT:');
  return PUBLISHED.some(([name, accounts]) => name.test(form) && accounts.split(' ').includes(account));
}
