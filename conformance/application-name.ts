/**
 * The applications that probes need.
 *
 * - `probe`: `template.yaml`, whose function does what each message asks.
 * - `idle`, `brief`: the same, with an idle timeout or a connection duration that is short where that is possible.
 * - `bare`, `authorizer`, `iam`, `throttled`: the template of that name.
 */
export type ApplicationName =
  | "probe"
  | "idle"
  | "brief"
  | "bare"
  | "authorizer"
  | "iam"
  | "throttled";
