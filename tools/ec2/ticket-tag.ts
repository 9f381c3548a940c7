/**
 * The tag by which something that was made is known to be a ticket's: EC2 keeps no token for these requests, and gives tags at creation.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#supported-on-create-tagging
 */
export const TICKET_TAG = 'holdshort:ticket';
