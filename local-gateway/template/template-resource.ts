/** One resource as the template has it: nothing in it is resolved. */
export interface TemplateResource {
  readonly logicalId: string;
  readonly type: string;
  /** With the template's Globals merged in. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** The logical ids of its DependsOn; empty without one. */
  readonly dependsOn: readonly string[];
  /** The condition on which it exists. */
  readonly condition?: string;
}
