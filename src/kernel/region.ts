/** `eu-west-1`, `us-gov-east-1`, `eusc-de-east-1`. Which there are is AWS's to say: the form alone is known. */
export const REGION = /^[a-z]{2,4}(-[a-z]{2,12}){1,3}-\d{1,2}$/;
