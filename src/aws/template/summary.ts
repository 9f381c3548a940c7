import type { GetTemplateSummaryOutput } from '@aws-sdk/client-cloudformation';
import type { TemplateAtUrl } from '../../../tools/ports/cloudformation.ts';
import { digestOf, type Json, stableJson } from '../../kernel/digest.ts';

/**
 * What AWS says of a template that it only names by a URL: not its text, but what it declares and which resources it
 * has. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_GetTemplateSummary.html
 */
export function summaryOf(answer: GetTemplateSummaryOutput): TemplateAtUrl {
  const { Parameters, ResourceTypes, Capabilities, DeclaredTransforms, ResourceIdentifierSummaries } = answer;
  const { Description, Metadata, Version } = answer;
  const lists = [
    // A short secret could be found by trying: its digest would be stored.
    Parameters?.map(({ DefaultValue, ...parameter }) =>
      parameter.NoEcho ? parameter : { ...parameter, DefaultValue },
    ),
    ResourceTypes,
    Capabilities,
    DeclaredTransforms,
    ResourceIdentifierSummaries?.map((one) => ({ ...one, LogicalResourceIds: one.LogicalResourceIds?.toSorted() })),
  ].map((list) => (list ?? []).map((one) => stableJson(one as Json)).sort());
  const text = stableJson([...lists, Description ?? '', Metadata ?? '', Version ?? '']);
  return { transforms: DeclaredTransforms ?? [], digest: digestOf('holdshort/guard/v1', text) };
}
