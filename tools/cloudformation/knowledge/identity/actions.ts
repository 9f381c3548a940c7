/** Actions of a service, in small letters, as policies may write them: a pattern counts only as it stands here. */
type Actions = Readonly<Record<string, readonly string[]>>;

/**
 * What harms nobody on whatever it is done: writing logs, traces and metrics, pulling images, reading what there is
 * (not what is in it).
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
const ANYWHERE: Actions = {
  autoscaling: ['describeautoscalinggroups', 'describeautoscalinginstances'],
  cloudwatch: ['describealarms', 'getmetricdata', 'getmetricstatistics', 'listmetrics', 'putmetricdata'],
  dynamodb: ['liststreams', 'listtables'],
  // Not CreateNetworkInterface, which takes others' addresses and joins their groups, nor DeleteNetworkInterface, which
  // deletes one that is kept for later.
  ec2: [
    'describeaddresses',
    'describeavailabilityzones',
    'describeinstances',
    'describeinstancestatus',
    'describenetworkinterfaces',
    'describeregions',
    'describesecuritygroups',
    'describesubnets',
    'describetags',
    'describevolumes',
    'describevpcs',
  ],
  ecr: ['batchchecklayeravailability', 'batchgetimage', 'getauthorizationtoken', 'getdownloadurlforlayer'],
  kms: ['describekey', 'listaliases', 'listkeys'],
  logs: ['createloggroup', 'createlogstream', 'describeloggroups', 'describelogstreams', 'putlogevents'],
  s3: ['getbucketlocation', 'listallmybuckets'],
  // Answers the one request whose token it was given.
  's3-object-lambda': ['writegetobjectresponse'],
  sqs: ['listqueues'],
  ssm: ['describeparameters'],
  // The instance's or task's own side of a session; who may open one is asked elsewhere.
  ssmmessages: ['createcontrolchannel', 'createdatachannel', 'opencontrolchannel', 'opendatachannel'],
  sts: ['getcalleridentity'],
  tag: ['getresources'],
  xray: [
    'getsamplingrules',
    'getsamplingstatisticsummaries',
    'getsamplingtargets',
    'puttelemetryrecords',
    'puttracesegments',
  ],
};

/**
 * What a part of an application does with another part of it: reading, writing, calling. Not here, on the template's
 * own things either: whatever lets in others (policies, access lists, grants, subscriptions, shares), changes code,
 * images or settings outside of templates, or deletes a thing with all that is in it.
 */
const ON_OWN: Actions = {
  appsync: ['graphql'],
  athena: ['getqueryexecution', 'getqueryresults', 'getworkgroup', 'startqueryexecution', 'stopqueryexecution'],
  cloudfront: ['createinvalidation', 'getinvalidation'],
  codebuild: ['batchgetbuilds', 'startbuild', 'stopbuild'],
  codecommit: ['getbranch', 'getcommit', 'getuploadarchivestatus', 'gitpull', 'uploadarchive', 'canceluploadarchive'],
  codepipeline: ['getpipelinestate', 'startpipelineexecution'],
  dynamodb: [
    'batchgetitem',
    'batchwriteitem',
    'conditioncheckitem',
    'deleteitem',
    'describestream',
    'describetable',
    'describetimetolive',
    'getitem',
    'getrecords',
    'getsharditerator',
    'liststreams',
    'partiqldelete',
    'partiqlinsert',
    'partiqlselect',
    'partiqlupdate',
    'putitem',
    'query',
    'scan',
    'updateitem',
  ],
  ecr: ['describeimages', 'listimages'],
  // Not RunTask: the caller says in which network, with which security groups.
  ecs: ['describeservices', 'describetasks', 'stoptask', 'tagresource'],
  elasticfilesystem: ['clientmount', 'clientrootaccess', 'clientwrite', 'describemounttargets'],
  es: ['eshttp*', 'eshttpdelete', 'eshttpget', 'eshttphead', 'eshttppatch', 'eshttppost', 'eshttpput'],
  events: ['putevents'],
  'execute-api': ['invoke', 'manageconnections'],
  firehose: ['describedeliverystream', 'putrecord', 'putrecordbatch'],
  // The role's own line says what it may do.
  iam: ['getrole', 'passrole'],
  kinesis: [
    'describestream',
    'describestreamconsumer',
    'describestreamsummary',
    'getrecords',
    'getsharditerator',
    'listshards',
    'liststreams',
    'putrecord',
    'putrecords',
    'subscribetoshard',
  ],
  kms: [
    'decrypt',
    'decrypt*',
    'describe*',
    'encrypt',
    'encrypt*',
    'generatedatakey',
    'generatedatakey*',
    'generatedatakeypair',
    'generatedatakeywithoutplaintext',
    'generatemac',
    'getpublickey',
    'reencrypt*',
    'reencryptfrom',
    'reencryptto',
    'sign',
    'verify',
    'verifymac',
  ],
  lambda: ['getalias', 'getfunction', 'getfunctionconfiguration', 'invokeasync', 'invokefunction'],
  logs: ['filterlogevents', 'getlogevents', 'getqueryresults', 'startquery', 'stopquery'],
  'rds-data': [
    'batchexecutestatement',
    'begintransaction',
    'committransaction',
    'executestatement',
    'rollbacktransaction',
  ],
  'rds-db': ['connect'],
  s3: [
    'abort*',
    'abortmultipartupload',
    'deleteobject',
    'deleteobject*',
    'deleteobjecttagging',
    'deleteobjectversion',
    'get*',
    'getbucket*',
    'getbucketacl',
    'getbucketpolicy',
    'getbuckettagging',
    'getbucketversioning',
    'getencryptionconfiguration',
    'getlifecycleconfiguration',
    'getobject',
    'getobject*',
    'getobjectacl',
    'getobjectattributes',
    'getobjecttagging',
    'getobjectversion',
    'getobjectversiontagging',
    'list*',
    'listbucket',
    'listbucketmultipartuploads',
    'listbucketversions',
    'listmultipartuploadparts',
    'putobject',
    'putobjectlegalhold',
    'putobjectretention',
    'putobjecttagging',
    'putobjectversiontagging',
    // Deletes what is in it, and no more than what may delete objects.
    'putlifecycleconfiguration',
  ],
  secretsmanager: [
    'describesecret',
    'getsecretvalue',
    'listsecretversionids',
    'putsecretvalue',
    'updatesecretversionstage',
  ],
  sns: ['gettopicattributes', 'publish'],
  sqs: [
    'changemessagevisibility',
    'changemessagevisibility*',
    'changemessagevisibilitybatch',
    'deletemessage',
    'deletemessage*',
    'deletemessagebatch',
    'getqueueattributes',
    'getqueueurl',
    'receivemessage',
    'sendmessage',
    'sendmessage*',
    'sendmessagebatch',
  ],
  // Not GetParametersByPath: AWS asks for the path alone, and gives back all that is below it, whosever it is.
  ssm: ['getparameter', 'getparameterhistory', 'getparameters'],
  states: [
    'describeexecution',
    'describestatemachine',
    'listexecutions',
    'sendtaskfailure',
    'sendtaskheartbeat',
    'sendtasksuccess',
    'startexecution',
    'startsyncexecution',
    'stopexecution',
  ],
};

function named(actions: Actions): ReadonlySet<string> {
  return new Set(Object.entries(actions).flatMap(([service, names]) => names.map((name) => `${service}:${name}`)));
}

/**
 * On what the same change set makes new, beside these: nobody relies on what is there. AWS takes no access lists in a
 * new bucket, unless the bucket's own line says that it shall; whom its events go to says itself from which buckets it
 * takes them, as for whatever else its policy lets in. Not here: ec2:AuthorizeSecurityGroupIngress, which would open
 * by code what a template may open only with a person's yes.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html
 */
const ON_NEW: Actions = {
  ec2: ['authorizesecuritygroupegress', 'revokesecuritygroupegress', 'revokesecuritygroupingress'],
  // Nothing runs its images yet.
  ecr: ['completelayerupload', 'initiatelayerupload', 'putimage', 'uploadlayerpart'],
  s3: ['putbucketnotification', 'putbucketnotification*', 'putobjectacl', 'putobjectversionacl'],
  sts: ['assumerole'],
};

/** What puts something in, and reads, changes and deletes nothing. */
const SENDS: Actions = {
  events: ['putevents'],
  firehose: ['putrecord', 'putrecordbatch'],
  kinesis: ['putrecord', 'putrecords'],
  lambda: ['invokefunction'],
  logs: ['createlogstream', 'putlogevents'],
  s3: ['putobject'],
  sns: ['publish'],
  sqs: ['sendmessage'],
};

export const HARMLESS_ANYWHERE: ReadonlySet<string> = named(ANYWHERE);
export const HARMLESS_ON_OWN: ReadonlySet<string> = named(ON_OWN);
export const HARMLESS_ON_NEW: ReadonlySet<string> = named(ON_NEW);
export const SENDING: ReadonlySet<string> = named(SENDS);
/** What is done with a key for what it encrypts. */
export const FOR_ENCRYPTION: ReadonlySet<string> = new Set(
  [...HARMLESS_ANYWHERE, ...HARMLESS_ON_OWN].filter((action) => action.startsWith('kms:')),
);
