/**
 * Every template's stack, whatever folder it lies in: files that name its resources, such as those for
 * `sam local invoke --env-vars`, can be checked in.
 */
export const STACK_NAME = "local";
