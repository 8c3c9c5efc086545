/** What a probe asks the function of `template.yaml` to do; `app/perform.mjs` does it. */
export type Command =
  | { readonly do: "return"; readonly result?: unknown }
  | { readonly do: "return nothing" | "throw" | "delete" | "post to a wrong path" }
  | { readonly do: "write"; readonly note: string; readonly value: unknown }
  | { readonly do: "read" | "count" | "count and throw"; readonly note: string }
  | { readonly do: "wait for a note"; readonly note: string; readonly result?: unknown }
  | { readonly do: "sleep"; readonly milliseconds: number; readonly note: string }
  | { readonly do: "return much"; readonly size: number }
  | { readonly do: "note a post" | "note the event"; readonly note: string }
  | {
      readonly do: "post";
      /** The function's own connection when absent. */
      readonly connectionId?: string;
      readonly data: string;
      readonly result?: unknown;
    };
