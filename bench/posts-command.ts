/** Posts once to each of `ids`, so many at a time; answered with the seconds that it took. */
export interface PostsCommand {
  readonly ids: readonly string[];
  readonly concurrency: number;
}
