import { ACCOUNT_ID } from "../template/account-id.ts";
import type { Account } from "./account.ts";

/** The account that a gateway in this region stands for: what the ARNs of its template are made of, too. */
export function localAccount(region: string): Account {
  return { partition: "aws", region, accountId: ACCOUNT_ID };
}
