declare module "dynalite" {
  /** What dynalite reads of a request. It takes the body from the "data" and "end" events. */
  interface DynaliteRequest extends NodeJS.EventEmitter {
    readonly method: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  }

  /** What dynalite uses of a response. */
  interface DynaliteResponse {
    statusCode: number;
    setHeader(name: string, value: string | number): void;
    end(body?: string): void;
  }

  interface DynaliteOptions {
    /** How long a table stays CREATING, in milliseconds. */
    readonly createTableMs?: number;
    readonly deleteTableMs?: number;
    readonly updateTableMs?: number;
  }

  /** An http.Server that never needs to listen: its "request" event runs one operation. */
  interface DynaliteServer {
    emit(event: "request", request: DynaliteRequest, response: DynaliteResponse): boolean;
  }

  function dynalite(options?: DynaliteOptions): DynaliteServer;
  export = dynalite;
}
