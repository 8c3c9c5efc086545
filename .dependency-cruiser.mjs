/**
 * Who may import what, as allow-lists: what a list does not name is forbidden, whatever its kind. A list of forbidden
 * things would let `import type … from "aws-lambda"` into the domain, because nobody thought of it.
 */

/**
 * The layers of the local gateway, from the bottom up: each knows itself and those below it. So no two folders import each
 * other, and what several of them need is at the bottom.
 */
const LOCAL_GATEWAY_LAYERS = [
  "(errors|wildcards|selection-expression|ids|http|text|deadline|cleanup|cross-origin-protection|static-files)\\.ts$",
  "sigv4/",
  "template/",
  "faults/",
  "observation\\.ts$",
  "iam/",
  "lambda/",
  "dynamodb/",
  "lambda-api/",
  "api-gateway/",
  "console/",
  "timeline/",
  "(options|command-line)\\.ts$",
  "recording/",
  "inspector/",
  "run-gateway\\.ts$",
  "testing/",
  "start-local-gateway\\.ts$",
  "invoke/",
  "replay/",
  "(cli/|cli\\.ts$|build-cli\\.ts$|invoke-cli\\.ts$|index\\.ts$)",
].map((layer) => `^local-gateway/${layer}`);

export default {
  forbidden: [
    ...LOCAL_GATEWAY_LAYERS.map((layer, index) => ({
      name: "local-gateway-layers-know-those-below",
      comment:
        "The layers of the local gateway are in .dependency-cruiser.mjs, from the bottom up. Move what both need down, or hand it in as an argument.",
      severity: "error",
      from: { path: layer },
      to: { path: "^local-gateway/", pathNot: LOCAL_GATEWAY_LAYERS.slice(0, index + 1) },
    })),
    {
      name: "every-module-of-the-local-gateway-has-a-layer",
      comment: "Name the new file or folder in LOCAL_GATEWAY_LAYERS.",
      severity: "error",
      from: { path: "^local-gateway/", pathNot: LOCAL_GATEWAY_LAYERS },
      to: {},
    },
    {
      name: "the-command-lines-record-nothing",
      comment:
        "Recordings are for tests, which ask for them: they cost memory as long as the gateway runs. A command line uses run-gateway.ts.",
      severity: "error",
      from: { path: "^local-gateway/(cli/|(cli|invoke-cli|build-cli)\\.ts$)" },
      to: { path: "^local-gateway/testing/", reachable: true },
    },
    {
      name: "protocol-is-a-leaf",
      comment:
        "What the client and the relay must agree on imports nothing: it runs in browsers and in Lambda.",
      severity: "error",
      from: { path: "^protocol/" },
      to: { pathNot: "^protocol/" },
    },
    {
      name: "domain-imports-itself-and-the-protocol",
      comment:
        "The domain knows no package, no Node module and no AWS type. Describe what it needs as a port in src/domain/ports.ts, and let an adapter or src/app bring the rest.",
      severity: "error",
      from: { path: "^src/domain/" },
      to: { pathNot: ["^src/domain/", "^protocol/"] },
    },
    {
      name: "adapters-import-domain-and-their-sdk",
      comment:
        "An adapter puts one port on one technology: it may import the domain, its own folder (which has its name), the packages of that technology, what several of the SDK's clients need (idle-sockets.ts, lazy.ts, dynamodb/), and Node. middy and tsyringe are src/app's. What else two adapters share belongs into the domain.",
      severity: "error",
      from: { path: "^src/adapters/([^/.]+)" },
      to: {
        pathNot: [
          "^src/domain/",
          "^protocol/",
          "^src/adapters/$1/",
          "^src/adapters/((idle-sockets|lazy)\\.ts$|dynamodb/)",
          "^node_modules/(?!@middy/|tsyringe/|reflect-metadata/)",
        ],
        dependencyTypesNot: ["core"],
      },
    },
    {
      name: "app-imports-domain-adapters-and-middy",
      comment: "src/app puts the domain and the adapters together, with middy in front.",
      severity: "error",
      from: { path: "^src/app/", pathNot: "^src/app/container\\.ts$" },
      to: {
        pathNot: [
          "^src/(app|domain)/",
          "^protocol/",
          "^node_modules/@middy/",
          "^node_modules/@types/aws-lambda/",
          "^process$",
        ],
      },
    },
    {
      name: "only-the-container-knows-adapters-and-tsyringe",
      comment: "The composition root is the one place that knows every adapter.",
      severity: "error",
      from: { path: "^src/app/container\\.ts$" },
      to: {
        pathNot: [
          "^src/(app|domain|adapters)/",
          "^protocol/",
          "^node_modules/(tsyringe|reflect-metadata)/",
        ],
      },
    },
    {
      name: "only-the-entry-reads-the-environment",
      comment: "Everything else is told its configuration.",
      severity: "error",
      from: {
        path: "^src/",
        pathNot: ["^src/app/handler\\.ts$", "^src/adapters/lambda-credentials\\.ts$"],
      },
      to: { path: "^process$" },
    },
    {
      name: "local-gateway-knows-nothing-of-the-relay",
      comment:
        "The local gateway runs any template. It may import itself, Node, ws, esbuild, dynalite, yaml, yauzl and what signs or verifies SigV4.",
      severity: "error",
      from: { path: "^local-gateway/" },
      to: {
        pathNot: [
          "^local-gateway/",
          "^node_modules/(@types/)?(ws|esbuild|dynalite|yaml|yauzl)/",
          "^node_modules/@smithy/(core|signature-v4)/",
        ],
        dependencyTypesNot: ["core"],
      },
    },
    {
      name: "client-imports-itself-and-the-protocol",
      comment:
        "The client runs in browsers, without dependencies. What differs from platform to platform comes in as an option.",
      severity: "error",
      from: { path: "^client/" },
      to: { pathNot: ["^client/", "^protocol/"] },
    },
    {
      name: "the-page-uses-the-client-as-everyone-does",
      comment: "The chat page may import itself and the client's public entry.",
      severity: "error",
      from: { path: "^demo/" },
      to: { pathNot: ["^demo/", "^client/index\\.ts$"] },
    },
    {
      name: "conformance-asks-from-outside",
      comment:
        "The conformance program sees a gateway as its clients do, wherever it runs. It may import itself, Node, ws, what signs and makes management calls, and the local gateway's public entry to start one.",
      severity: "error",
      from: { path: "^conformance/", pathNot: "^conformance/app/" },
      to: {
        pathNot: [
          "^conformance/(?!app/)",
          "^local-gateway/index\\.ts$",
          "^node_modules/(@types/)?ws/",
          "^node_modules/@smithy/(core|signature-v4)/",
          "^node_modules/@aws-sdk/client-apigatewaymanagementapi/",
        ],
        dependencyTypesNot: ["core"],
      },
    },
    {
      name: "the-probe-application-stands-alone",
      comment: "Its folder is deployed as it is: it may import itself, Node and AWS SDK clients.",
      severity: "error",
      from: { path: "^conformance/app/" },
      to: {
        pathNot: ["^conformance/app/", "^node_modules/@aws-sdk/client-"],
        dependencyTypesNot: ["core"],
      },
    },
    {
      name: "benchmarks-watch-from-outside",
      comment:
        "A benchmark measures what everyone can start. It may import itself, Node, ws, what makes management calls, and the public entries of the client and the local gateway or what its command line runs.",
      severity: "error",
      from: { path: "^bench/", pathNot: "^bench/simulation/" },
      to: {
        pathNot: [
          "^bench/",
          "^client/index\\.ts$",
          "^local-gateway/(index|run-gateway)\\.ts$",
          "^node_modules/(@types/)?ws/",
          "^node_modules/@aws-sdk/client-apigatewaymanagementapi/",
        ],
        dependencyTypesNot: ["core"],
      },
    },
    {
      name: "the-simulation-runs-the-domain",
      comment:
        "The simulation is ports for the domain and the protocol, which it runs in virtual time. It imports nothing else but Node.",
      severity: "error",
      from: { path: "^bench/simulation/" },
      to: {
        pathNot: ["^bench/simulation/", "^src/domain/", "^protocol/"],
        dependencyTypesNot: ["core"],
      },
    },
    {
      name: "nothing-imports-tests",
      comment: "What runs does not depend on what checks it.",
      severity: "error",
      from: { pathNot: "^tests/" },
      to: { path: "^tests/" },
    },
    {
      name: "no-circles",
      comment: "Modules that need each other are one module, or need a third.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "everything-resolves",
      comment: "An import that cannot be found cannot be checked.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: ["/fixtures/", "^(client|local-gateway)/dist/"] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
      mainFields: ["module", "main", "types"],
      extensions: [".ts", ".mjs", ".js", ".d.ts"],
    },
  },
};
