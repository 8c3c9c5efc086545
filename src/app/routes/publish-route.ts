import type { Context } from "aws-lambda";
import type { PublishReport } from "../../domain/use-cases/publish.ts";
import { endsAt, type PublishEvent } from "../event.ts";
import { type Log, logTally } from "../log.ts";
import type { UseCases } from "../route.ts";

/** The way of a publication. Its result is the receipt or the error itself: the backend reads it, and not API Gateway. */
export function publishRoute(publish: UseCases["publish"], log: Log) {
  return async (event: PublishEvent, context: Context): Promise<PublishReport["answer"]> => {
    const requestId = context.awsRequestId;
    const report = await publish.execute({
      publication: event.publish,
      requestId,
      endsAt: endsAt(context),
    });
    logTally(log, { requestId }, report);
    if (report.answer.relay === "error") {
      log("warn", "rejected", { requestId, code: report.answer.code });
    }
    return report.answer;
  };
}
