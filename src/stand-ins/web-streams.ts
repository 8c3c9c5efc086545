/** Stands in for `node:stream/web`: middy looks whether an answer that it streams is one, and no answer here is streamed. */
export class ReadableStream {}
