import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** What users and contributors read: folders of code, and pages. */
const CODE = [
  "src",
  "protocol",
  "client",
  "demo",
  "local-gateway",
  "conformance",
  "bench",
  "examples",
];
const PAGES = [
  "README.md",
  "SECURITY.md",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  "docs",
  "client/README.md",
  "local-gateway/README.md",
  "events/README.md",
  "examples",
  ".github",
  "template.yaml",
];

/** Folders and pages that still use the words of the rules. TO EMPTY: each leaves this list once it is clean. */
const NOT_YET_CLEAN: readonly string[] = [];

/** A word, the term of the field that says the same, and where the word is found. */
interface Rule {
  readonly use: string;
  /** In a name, split into its words in lower case: `listenForWake` is "listen for wake". */
  readonly inNames?: RegExp;
  /** In pages, comments and texts of the code: only where the word can have no other meaning. */
  readonly inProse?: RegExp;
}

const RULES: readonly Rule[] = [
  { use: "stub, module alias", inNames: /\bstand ins?\b/, inProse: /\bstand-ins?\b/i },
  {
    use: "request authentication, signed API",
    inNames: /\bdoors?\b/,
    inProse: /\bdoors?\b/i,
  },
  { use: "fault injection", inNames: /\bbad days?\b/, inProse: /\bbad days?\b/i },
  {
    use: "trigger",
    inNames: /\b(strikes?|struck|striking|occasions?)\b/,
    inProse: /\b(strikes?|struck|striking|occasions?)\b/i,
  },
  { use: "layer, module, package", inNames: /\brooms?\b/, inProse: /\brooms\b/i },
  {
    use: "connection policy, authorize, accept",
    inNames: /\b(admissions?|admit(s|ted|ting)?)\b/,
    inProse: /\b(admissions?|admit(s|ted|ting)?)\b/i,
  },
  {
    use: "delivery summary, toReceipt, toError",
    inNames: /\b(tally|tallies|tallied|conclude[sd]?|conclusions?|undelivered)\b/,
    inProse: /\b(tally|tallies|tallied|conclude[sd]?|undelivered)\b/i,
  },
  { use: "options", inNames: /\bterms\b/ },
  { use: "deadline", inNames: /(?<!\bwait )\buntil\b/ },
  {
    use: "reject (protocol), deny (policy), error",
    inNames: /\brefus(e[sd]?|ing|als?)\b/,
    inProse: /\brefus(e[sd]?|ing|als?)\b/i,
  },
  {
    use: "notify, emit, receive, answer",
    inNames: /\b(told|tells?|telling|hears?|heard|owed?|owes|farewells?)\b/,
    inProse: /\b(told|tells|owed|owes|farewells?)\b/i,
  },
  { use: "lazy", inNames: /\blate\b/, inProse: /\bload(s|ed|ing)? late\b/i },
  { use: "baseline", inNames: /\bfloors?\b/, inProse: /(?<!Math\.)\bfloors?\b/i },
  { use: "confidence, passed", inNames: /\b(standing|held)\b/ },
  { use: "timeout", inNames: /\bpatien(ce|t)\b/, inProse: /\bpatien(ce|t)\b/i },
  {
    use: "child-process cleanup",
    inNames: /\breap(s|ed|er|ers|ing)?\b/,
    inProse: /\breap(s|ed|er|ers|ing)?\b/i,
  },
  { use: "reconnect trigger", inNames: /\bwakes?\b/ },
  {
    use: "drain, make-before-break",
    inNames: /\b(retire[sd]?|retiring|retirement|rotation overlap)\b/,
    inProse: /\b(retire[sd]?|retiring|retirement|rotation overlap)\b/i,
  },
  {
    use: "is not a valid …, is deliberately not …",
    inProse:
      /(?<!\bthere )\b(is|are) (none\b|no (?!longer\b|more\b|less\b|one\b|match\b|error\b|secret\b))|\bnobody's business\b/i,
  },
  {
    use: "the caller needs …, invalid …, next to, compared with",
    inNames: /\b(whoever|beside)\b/,
    inProse: /\bwhoever\b|\bbeside\b|\bwhat cannot be\b/i,
  },
];

/** Places where a word of the rules is right: a part of the line, and why. */
const ALLOWED: readonly { readonly in: string; readonly text: string; readonly why: string }[] = [
  { in: "CHANGELOG.md", text: "`src/stand-ins/`", why: "the name of a folder that is gone" },
  { in: "CHANGELOG.md", text: '`"refused"`', why: "the earlier name of a log event" },
  { in: "CHANGELOG.md", text: "`floor`", why: "the earlier name of a member" },
];

interface Found {
  readonly file: string;
  readonly line: number;
  readonly text: string;
  readonly use: string;
}

type Kind = "inNames" | "inProse";

function check(kind: Kind, file: string, line: number, text: string): readonly Found[] {
  return RULES.filter((rule) => rule[kind]?.test(text)).map(({ use }) => ({
    file,
    line,
    text: text.trim(),
    use,
  }));
}

/** Splits a name at its capitals, hyphens and underscores. */
function wordsOf(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .replace(/[^A-Za-z\d]+/g, " ")
    .trim()
    .toLowerCase();
}

/** The lines of a page that break a rule; a phrase may begin in one line and end in the next. */
function checkPage(file: string, page: string): readonly Found[] {
  const lines = page.split("\n");
  return lines.flatMap((line, index) => {
    const next = (lines[index + 1] ?? "").replace(/^[\s#|>-]+/, "");
    const alone = [line, next].flatMap((text) => check("inProse", file, index + 1, text));
    const together = check("inProse", file, index + 1, `${line.trimEnd()} ${next}`);
    const across = together.filter(({ use }) => !alone.some((one) => one.use === use));
    return [...check("inProse", file, index + 1, line), ...across];
  });
}

/** The names, texts and comments of a file of TypeScript or JavaScript that break a rule. */
function checkCode(file: string, code: string): readonly Found[] {
  const source = ts.createSourceFile(file, code, ts.ScriptTarget.Latest, true);
  const lineOf = (position: number) => source.getLineAndCharacterOfPosition(position).line + 1;
  const found: Found[] = [...check("inNames", file, 1, wordsOf(file))];
  /** Where the comments begin that have been checked: a comment can be next to two nodes. */
  const seen = new Set<number>();
  const checkComments = (ranges: readonly ts.CommentRange[] = []) => {
    for (const { pos, end } of ranges.filter((range) => !seen.has(range.pos))) {
      seen.add(pos);
      const text = code.slice(pos, end).replace(/\s*\n\s*\*?\s*/g, " ");
      found.push(...check("inProse", file, lineOf(pos), text));
    }
  };
  const visit = (node: ts.Node): void => {
    checkComments(ts.getLeadingCommentRanges(code, node.getFullStart()));
    checkComments(ts.getTrailingCommentRanges(code, node.end));
    const line = lineOf(node.getStart(source));
    if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) {
      if (!isMathFloor(node)) {
        found.push(...check("inNames", file, line, wordsOf(node.text)));
      }
    } else if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
      // The names that are imported are checked where they are declared.
      return;
    } else if (ts.isStringLiteralLike(node) || isPieceOfTemplate(node)) {
      found.push(...check("inProse", file, line, node.text));
    }
    // Not forEachChild, which passes over the tokens that have a comment.
    node.getChildren(source).forEach(visit);
  };
  visit(source);
  return found;
}

function isPieceOfTemplate(
  node: ts.Node,
): node is ts.TemplateHead | ts.TemplateMiddle | ts.TemplateTail {
  return ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node);
}

function isMathFloor({ parent }: ts.Node): boolean {
  return ts.isPropertyAccessExpression(parent) && parent.getText() === "Math.floor";
}

function filesOf(path: string): readonly string[] {
  return statSync(path).isFile()
    ? [path]
    : readdirSync(path, { recursive: true, withFileTypes: true })
        .filter((file) => file.isFile())
        .map((file) => join(file.parentPath, file.name))
        // What a package or an example was built to, or has installed.
        .filter((file) => !/^([\w-]+|examples\/[\w-]+)\/(dist|node_modules)\//.test(file));
}

function isCleanAlready(file: string): boolean {
  return !NOT_YET_CLEAN.some((path) => file === path || file.startsWith(`${path}/`));
}

const FOUND: readonly Found[] = [
  ...PAGES.flatMap(filesOf)
    .filter((file) => /\.(md|ya?ml)$/.test(file) && isCleanAlready(file))
    .flatMap((file) => checkPage(file, readFileSync(file, "utf8"))),
  ...CODE.flatMap(filesOf)
    .filter((file) => /\.(tsx?|mjs)$/.test(file) && isCleanAlready(file))
    .flatMap((file) => checkCode(file, readFileSync(file, "utf8"))),
];

const isAllowed = (found: Found) =>
  ALLOWED.some((place) => found.file === place.in && found.text.includes(place.text));

test("pages, names, comments and texts use the field's words", () => {
  const wrong = FOUND.filter((found) => !isAllowed(found));
  expect(wrong.map(({ file, line, text, use }) => `${file}:${line} "${text}": ${use}`)).toEqual([]);
});

test("every place where a word is allowed still has it", () => {
  const stale = ALLOWED.filter(
    (place) => !FOUND.some(({ file, text }) => file === place.in && text.includes(place.text)),
  );
  expect(stale).toEqual([]);
});

describe("the check of the words", () => {
  test.each([
    "const lateStore = 1;",
    "class DoorKeeper {}",
    "const x = { sentUntil: 1 };",
    "interface X { readonly #x: 1; tally(): void }",
    "const MAX_PATIENCE = 1;",
    'throw new Error("The user is no name.");',
    "throw new Error(`$" + "{name} is nobody's business.`);",
    "/**\n * Asks whoever\n * may know.\n */",
    "call(); // whoever calls\n",
    "function f() {\n  // beside\n}",
  ])("finds what is in %j", (code) => {
    expect(checkCode("x.ts", code)).toHaveLength(1);
  });

  test.each([
    "Math.floor(1.5);",
    "await waitUntilTableExists();",
    "const latest = translate(isolated);",
    'import { until } from "./somewhere-else.ts";',
    'throw new Error("There is no connection with that id.");',
  ])("finds nothing in %j", (code) => {
    expect(checkCode("x.ts", code)).toEqual([]);
  });

  test("finds a phrase that goes on in the next line of a page", () => {
    expect(checkPage("x.md", "It is\nno name.\nThere is\nno connection.")).toHaveLength(1);
  });

  test("finds a word in the name of a file", () => {
    expect(checkCode("src/late-store.ts", "")).toHaveLength(1);
  });
});
