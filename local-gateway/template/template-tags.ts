import { type CollectionTag, Pair, Scalar, type ScalarTag, YAMLMap } from "yaml";

/** The functions that have a short form beside their long one, without their prefix. */
const FUNCTIONS = [
  "And",
  "Base64",
  "Cidr",
  "Contains",
  "EachMemberEquals",
  "EachMemberIn",
  "Equals",
  "FindInMap",
  "GetAtt",
  "GetAZs",
  "If",
  "ImportValue",
  "Join",
  "Length",
  "Not",
  "Or",
  "RefAll",
  "Select",
  "Split",
  "Sub",
  "ToJsonString",
  "Transform",
  "ValueOf",
  "ValueOfAll",
];

/**
 * The short forms of CloudFormation's intrinsic functions as YAML tags: `!Sub text` is read as `{"Fn::Sub": "text"}`.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
export const TEMPLATE_TAGS: (ScalarTag | CollectionTag)[] = [
  ...shortForms("!Ref", "Ref"),
  ...shortForms("!Condition", "Condition"),
  ...FUNCTIONS.flatMap((name) => shortForms(`!${name}`, `Fn::${name}`)),
];

function shortForms(tag: string, name: string): (ScalarTag | CollectionTag)[] {
  return [
    { tag, resolve: (text) => ({ [name]: name === "Fn::GetAtt" ? attribute(text) : text }) },
    { tag, collection: "seq", resolve: (node) => longForm(name, node) },
    { tag, collection: "map", resolve: (node) => longForm(name, node) },
  ];
}

function longForm(name: string, argument: unknown): YAMLMap {
  const map = new YAMLMap();
  map.items.push(new Pair(new Scalar(name), argument));
  return map;
}

/** The name of a resource has no dots, but that of an attribute may have. */
function attribute(text: string): string[] {
  const [resource = "", ...names] = text.split(".");
  return [resource, names.join(".")];
}
