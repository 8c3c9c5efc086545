import type { Probe } from "./probe.ts";
import { AUTHORIZER_PROBES } from "./probes/authorizer-probes.ts";
import { COMPRESSION_PROBES } from "./probes/compression-probes.ts";
import { CONNECT_EVENT_PROBES } from "./probes/connect-event-probes.ts";
import { CONNECT_RESULT_PROBES } from "./probes/connect-result-probes.ts";
import { CONTEXT_PROBES } from "./probes/context-probes.ts";
import { CONTROL_FRAME_PROBES } from "./probes/control-frame-probes.ts";
import { DISCONNECT_CAUSE_PROBES } from "./probes/disconnect-cause-probes.ts";
import { DISCONNECT_PROBES } from "./probes/disconnect-probes.ts";
import { GET_AND_DELETE_PROBES } from "./probes/get-and-delete-probes.ts";
import { GONE_PROBES } from "./probes/gone-probes.ts";
import { IAM_PROBES } from "./probes/iam-probes.ts";
import { INVOCATION_PROBES } from "./probes/invocation-probes.ts";
import { MANAGEMENT_PATH_PROBES } from "./probes/management-path-probes.ts";
import { MESSAGE_EVENT_PROBES } from "./probes/message-event-probes.ts";
import { ONE_WAY_PROBES } from "./probes/one-way-probes.ts";
import { POST_PROBES } from "./probes/post-probes.ts";
import { ROUTE_PROBES } from "./probes/route-probes.ts";
import { SIGNATURE_PROBES } from "./probes/signature-probes.ts";
import { SIZE_PROBES } from "./probes/size-probes.ts";
import { THROTTLING_PROBES } from "./probes/throttling-probes.ts";
import { TIME_PROBES } from "./probes/time-probes.ts";
import { TWO_WAY_PROBES } from "./probes/two-way-probes.ts";
import { UPGRADE_PROBES } from "./probes/upgrade-probes.ts";
import { URL_PROBES } from "./probes/url-probes.ts";

/** Every row of `docs/api-gateway.md`, in its order. */
export const PROBES: readonly Probe[] = [
  ...SIZE_PROBES,
  ...URL_PROBES,
  ...TIME_PROBES,
  ...THROTTLING_PROBES,
  ...UPGRADE_PROBES,
  ...CONNECT_RESULT_PROBES,
  ...CONNECT_EVENT_PROBES,
  ...MESSAGE_EVENT_PROBES,
  ...CONTEXT_PROBES,
  ...ROUTE_PROBES,
  ...ONE_WAY_PROBES,
  ...TWO_WAY_PROBES,
  ...INVOCATION_PROBES,
  ...DISCONNECT_PROBES,
  ...DISCONNECT_CAUSE_PROBES,
  ...POST_PROBES,
  ...GET_AND_DELETE_PROBES,
  ...GONE_PROBES,
  ...MANAGEMENT_PATH_PROBES,
  ...SIGNATURE_PROBES,
  ...AUTHORIZER_PROBES,
  ...IAM_PROBES,
  ...CONTROL_FRAME_PROBES,
  ...COMPRESSION_PROBES,
];

/** The probes with these ids, in the catalogue's order; all of them when undefined. Throws when an id is unknown. */
export function chooseProbes(only: readonly string[] | undefined): readonly Probe[] {
  const unknown = only?.find((id) => !PROBES.some((probe) => probe.id === id));
  if (unknown !== undefined) {
    throw new Error(`There is no row "${unknown}" in docs/api-gateway.md.`);
  }
  return PROBES.filter(({ id }) => only?.includes(id) ?? true);
}
