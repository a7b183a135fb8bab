import { AFTER, BEFORE, entry, files, type Project, type Tale } from "../../fakes/github/dependabot.ts";
import { DEPENDABOT, MAINTAINER, STRANGER, UNSIGNED } from "../../fakes/github/state.ts";

const other = (change: Partial<Project>) => ({ changes: files({ ...AFTER, ...change }) });
const inner = (more: object, version = "2.0.1") =>
  other({ packages: { ...AFTER.packages, "node_modules/inner": entry(version, more) } });
const left = (more: object, version = "1.2.4") =>
  other({
    dependencies: { left: version },
    packages: { ...AFTER.packages, "node_modules/left": entry(version, more) },
  });
const bot = (change: object) => ({ ...DEPENDABOT, ...change });
const by = (author: typeof DEPENDABOT | null, more: object = {}) => ({ signed: { author, ...more } });

/** Updates that are not quite Dependabot's, or not quite updates: what is odd in each, and what the lane says of it. */
export const TALES: [what: string, tale: Tale, codes: string[]][] = [
  ["a person's pull request", { user: MAINTAINER }, ["author"]],
  [
    "a person who is called dependabot",
    { user: bot({ id: 77, login: "dependabot", type: "User" }) },
    ["author"],
  ],
  ["another bot with Dependabot's name", { user: bot({ id: 77 }) }, ["author"]],
  ["a person with the bot's very login", { user: bot({ id: 77, type: "User" }) }, ["author"]],
  ["Dependabot's id under another name", { user: bot({ login: "renamed[bot]" }) }, ["author"]],
  ["an author whom GitHub does not know", by(null), ["commit-author"]],
  [
    "a commit under Dependabot's e-mail that nobody signed",
    { signed: { verification: UNSIGNED } },
    ["commit-signature"],
  ],
  [
    "a signature that GitHub finds wrong",
    { signed: { verification: { verified: false, reason: "bad_email" } } },
    ["commit-signature"],
  ],
  [
    "a signature that holds, but for no valid reason",
    { signed: { verification: { verified: true, reason: "unknown_key" } } },
    ["commit-signature"],
  ],
  [
    "a person's signature on a commit in Dependabot's name",
    { signed: { committer: MAINTAINER } },
    ["commit-committer"],
  ],
  ["a commit by a person, made on GitHub's page", by(MAINTAINER), ["commit-author"]],
  [
    "a commit with another author beside",
    { message: "Bump left\n\nCo-authored-by: Somebody <somebody@example.com>" },
    ["co-authored"],
  ],
  [
    "a co-author who calls itself Dependabot",
    { message: "Bump left\n\nco-authored-by: dependabot[bot] <support@example.com>" },
    ["co-authored"],
  ],
  ["an old commit of Dependabot's, pushed by somebody else", { pusher: STRANGER }, ["pushed"]],
  ["a pull request from a fork", { fork: 5 }, ["fork"]],
  ["a pull request from a repository that is gone", { fork: null }, ["fork"]],
  ["a branch that is not Dependabot's", { branch: "topic" }, ["branch"]],
  ["a file beside", { changes: { ...files(AFTER), "src.ts": "evil" } }, ["file"]],
  ["a workflow beside", { changes: { ...files(AFTER), ".github/workflows/ci.yml": "on: push" } }, ["file"]],
  [
    "a file by the name of the lock elsewhere",
    { changes: { ...files(AFTER), "src/package-lock.json": "{}" } },
    ["file"],
  ],
  [
    "a change of the registry's settings",
    { changes: { ...files(AFTER), ".npmrc": "registry=https://example.com" } },
    ["file"],
  ],
  [
    "a lock that is gone",
    { changes: { ...files(AFTER), "package-lock.json": null } },
    ["file", "unreadable"],
  ],
  ["a manifest that is no JSON", { changes: { ...files(AFTER), "package.json": "{" } }, ["unreadable"]],
  ["a title of a patch over a major update", left({}, "2.0.0"), ["update-too-far"]],
  [
    "a minor update before 1.0.0",
    other({ dependencies: { left: "1.2.4", inner: "0.2.0" } }),
    ["lock-differs", "update-too-far"],
  ],
  ["a major update of what a package brings", inner({}, "3.0.0"), ["update-too-far"]],
  ["a version that goes down", left({}, "1.2.2"), ["update-too-far"]],
  ["a version that is not finished", left({}, "1.2.4-beta.1"), ["lock-version", "update-too-far"]],
  [
    "a version that is an address",
    other({ dependencies: { left: "git+https://example.com/left.git" } }),
    ["lock-differs", "update-too-far"],
  ],
  [
    "a package more in the manifest",
    other({ dependencies: { left: "1.2.4", more: "1.0.0" } }),
    ["lock-differs", "update-too-far"],
  ],
  ["a script of the manifest", other({ more: { scripts: { postinstall: "evil" } } }), ["manifest-otherwise"]],
  ["an override in the manifest", other({ more: { overrides: { inner: "9.9.9" } } }), ["manifest-otherwise"]],
  [
    "a package from another registry",
    left({ resolved: "https://example.com/left/-/left-1.2.4.tgz" }),
    ["lock-elsewhere"],
  ],
  ["a script that runs when a package is installed", left({ hasInstallScript: true }), ["lock-script"]],
  [
    "a new package with such a script",
    other({
      packages: { ...AFTER.packages, "node_modules/new": entry("1.0.0", { hasInstallScript: true }) },
    }),
    ["lock-script"],
  ],
  ["a package without a digest", left({ integrity: undefined }), ["lock-unpinned"]],
  ["a package with a weak digest", left({ integrity: "sha1-AAAA" }), ["lock-unpinned"]],
  [
    "other bytes under the same version",
    inner({ integrity: `sha512-${"z".repeat(86)}==` }, "2.0.0"),
    ["lock-exchanged"],
  ],
  ["another package under a package's name", left({ name: "evil" }), ["lock-alias"]],
  ["a link in the place of a package", left({ link: true }), ["lock-link"]],
  [
    "a lock that was not made for the manifest",
    {
      changes: {
        ...files(AFTER),
        "package-lock.json": files({ ...AFTER, dependencies: { left: "1.2.3" } })[
          "package-lock.json"
        ] as string,
      },
    },
    ["lock-differs"],
  ],
  [
    "a lock that has another version than the manifest",
    other({ packages: { ...AFTER.packages, "node_modules/left": entry("1.2.5") } }),
    ["lock-differs"],
  ],
  [
    "a manifest alone that changes nothing",
    { changes: { "package.json": `${files(BEFORE)["package.json"]}\n` } },
    ["no-update"],
  ],
];
