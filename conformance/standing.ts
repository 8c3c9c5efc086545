/**
 * How sure a row of the catalogue is.
 *
 * - `documented`: AWS documents it.
 * - `recorded`: people recorded it on AWS.
 * - `our default`: neither, or sources disagree; the local gateway does what seems likeliest.
 */
export type Standing = "documented" | "recorded" | "our default";
