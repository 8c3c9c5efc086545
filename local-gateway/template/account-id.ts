/** The account that everything local belongs to: the one of AWS's own examples. */
export const ACCOUNT_ID = "123456789012";
