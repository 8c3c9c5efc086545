import { JwtTokenVerifier } from "../../src/adapters/jwt-token-verifier.ts";

const AUDIENCE = "relay";

describe("JwtTokenVerifier takes keys", () => {
  test.each([
    ["https://id.example", undefined],
    ["https://id.example/realms/main", "https://keys.example/jwks"],
    ["id.example", "https://keys.example/jwks"],
    ["http://localhost:8080", undefined],
    ["http://[::1]:8080", undefined],
    ["https://id.example", "http://127.0.0.1:8080/jwks"],
  ])("of the issuer %j with the JWKS URI %j", (issuer, jwksUri) => {
    expect(() => new JwtTokenVerifier({ issuer, audience: AUDIENCE, jwksUri })).not.toThrow();
  });

  test.each([
    ["http://id.example", undefined, "The issuer must be an https URL"],
    ["id.example", undefined, "The issuer must be an https URL"],
    ["", undefined, "The issuer must be an https URL"],
    ["file:///etc/keys", undefined, "The issuer must be an https URL"],
    ["http://localhost.example", undefined, "The issuer must be an https URL"],
    ["http://127.0.0.1.example", undefined, "The issuer must be an https URL"],
    ["http://127.0.0.1@id.example", undefined, "The issuer must be an https URL"],
    ["https://id.example", "http://keys.example", "The JWKS URI must be an https URL"],
    ["https://id.example", "/jwks", "The JWKS URI must be an https URL"],
    ["https://id.example", "data:,{}", "The JWKS URI must be an https URL"],
  ])("never of the issuer %j with the JWKS URI %j", (issuer, jwksUri, message) => {
    const create = () => new JwtTokenVerifier({ issuer, audience: AUDIENCE, jwksUri });
    expect(create).toThrow(message);
  });
});
