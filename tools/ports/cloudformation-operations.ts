/** What else tools see of CloudFormation: events, templates, drift, exports, and the operations on a stack that are no deployment. */

export type StackOperationsReader = object;

export type StackOperationsWriter = object;
