/** One resource as the template has it: nothing in it is resolved. */
export interface TemplateResource {
  readonly logicalId: string;
  readonly type: string;
  /** With the template's Globals merged in. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** The condition on which it exists. */
  readonly condition?: string;
}
