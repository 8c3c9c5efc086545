/** How much a stage accepts on one route, all of its clients together. */
export interface RouteThrottle {
  /** Requests a second in the long run. */
  readonly rate: number;
  /** Requests at once. */
  readonly burst: number;
  /** The property of the template that says so. */
  readonly setBy: "DefaultRouteSettings" | "RouteSettings";
}
