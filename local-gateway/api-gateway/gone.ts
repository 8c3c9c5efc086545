import type { ManagementAnswer } from "./management-answer.ts";

/**
 * The answer about a connection that is not reachable: closed, unknown or still in its `$connect`. Without a body.
 *
 * @see https://repost.aws/knowledge-center/410-gone-api-gateway
 */
export const GONE: ManagementAnswer = { status: 410, errorType: "GoneException" };
