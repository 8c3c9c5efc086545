/** What a backend invokes the function with, to publish a message. `publish` is any JSON value. */
export interface PublishEvent {
  readonly publish: unknown;
}
