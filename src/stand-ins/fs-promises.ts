/**
 * Stands in for `node:fs/promises`, from which the SDK wants to read the files that the AWS CLI keeps in a home folder.
 * Lambda has none: every file is missing.
 */
export async function readFile(): Promise<never> {
  throw Object.assign(new Error("The function is built without files."), { code: "ENOENT" });
}
