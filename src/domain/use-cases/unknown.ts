/** A client sends what is meant for no route: the relay says so and does nothing. */
export class Unknown {
  /** The answer, which API Gateway takes to the client. */
  execute(): string {
    return "Undefined Route Detected!";
  }
}
