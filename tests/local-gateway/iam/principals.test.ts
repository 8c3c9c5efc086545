import { type Principal, Principals } from "../../../local-gateway/iam/principals.ts";
import { TEMPORARY } from "../sigv4/create-verifier.ts";

const { accessKeyId, secretAccessKey, sessionToken } = TEMPORARY;
const relay: Principal = {
  kind: "function",
  functionId: "RelayFunction",
  arn: "arn:aws:sts::123456789012:assumed-role/role/relay",
  policies: [],
};

describe("Principals", () => {
  test("know the developer from the start", () => {
    const principals = new Principals();
    expect(principals.find("local")).toEqual({ kind: "developer" });
    expect(principals.findCredentials("local")).toEqual({ secretAccessKey: "local" });
  });

  test("know a function by its access key id once it is added", () => {
    const principals = new Principals();
    expect(principals.find(accessKeyId)).toBeUndefined();
    expect(principals.findCredentials(accessKeyId)).toBeUndefined();
    principals.add(relay, TEMPORARY);
    expect(principals.find(accessKeyId)).toBe(relay);
    expect(principals.findCredentials(accessKeyId)).toEqual({ secretAccessKey, sessionToken });
  });

  test("are not known to each other's gateways", () => {
    new Principals().add(relay, TEMPORARY);
    expect(new Principals().find(accessKeyId)).toBeUndefined();
  });

  test.each(["local", accessKeyId])("do not share the access key id %s", (taken) => {
    const principals = new Principals();
    principals.add(relay, TEMPORARY);
    expect(() => principals.add(relay, { ...TEMPORARY, accessKeyId: taken })).toThrow(
      `The access key id ${taken} belongs to another principal.`,
    );
  });
});
