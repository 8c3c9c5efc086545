/** Lets time pass, in milliseconds, and resolves afterwards. */
export type Wait = (milliseconds: number) => Promise<void>;
