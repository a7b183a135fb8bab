import { execFileSync } from "node:child_process";
import {
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { directoryArtifacts } from "../../../orchestrator/adapters/directory-artifacts.ts";
import { MANIFEST, sha256 } from "../../../orchestrator/release/manifest.ts";
import { packageRelease } from "../../../orchestrator/release/package.ts";
import { problemOf } from "./problem-of.ts";
import { FILES, makeProject, type Project } from "./project.ts";

const NODE_MODULES = fileURLToPath(new URL("../../../node_modules", import.meta.url));
const DIRECTORY = new URL("../../../orchestrator/adapters/directory-artifacts.ts", import.meta.url).href;
const PACKAGE = new URL("../../../orchestrator/release/package.ts", import.meta.url).href;

describe("packaging a release", () => {
  let project: Project;
  let sha: string;
  let out: string;
  let lines: string[];

  const pack = async (commit = sha) => {
    const directory = join(out, commit);
    const manifest = await packageRelease({
      root: project.root,
      sha: commit,
      to: directoryArtifacts(directory),
      nodeModules: NODE_MODULES,
      progress: (line) => lines.push(line),
    });
    return { manifest, directory };
  };

  beforeEach(() => {
    project = makeProject();
    sha = project.git("rev-parse", "HEAD");
    out = mkdtempSync(join(tmpdir(), "releases-"));
    lines = [];
  });
  afterEach(() => {
    project.remove();
    rmSync(out, { recursive: true });
  });

  it("lays the release out as in a bucket, and describes every part", async () => {
    const { manifest, directory } = await pack();
    expect(filesIn(directory)).to.deep.equal([
      `hello/${sha}/lambda.zip`,
      `releases/${sha}/infra.mjs`,
      `releases/${sha}/manifest.json`,
    ]);
    expect(manifest).to.deep.include({
      sha,
      timestamp: "2025-11-20T01:00:00.000Z",
      author: "Adélaïde Example",
      repository: "github:example/a-project",
    });
    for (const { key, sha256: digest, size } of Object.values(manifest.parts)) {
      const bytes = readFileSync(join(directory, key));
      expect({ digest: sha256(bytes), size: bytes.length }).to.deep.equal({ digest, size });
    }
    const written: unknown = JSON.parse(
      readFileSync(join(directory, `releases/${sha}/manifest.json`), "utf8"),
    );
    expect(MANIFEST.parse(written)).to.deep.equal(manifest);
    expect(lines.map((line) => line.split(":")[0])).to.deep.equal(["infra", "hello"]);
  });

  it("gives the same bytes in another clone, directory, time zone, umask, locale, order of files and configuration of git", async () => {
    sha = project.commit({
      "lambdas/again/index.ts": FILES["lambdas/hello/index.ts"] ?? "",
      "Pulumi.south.yaml": "config:\n  a-project:greeting: hola\n",
    });
    const { directory } = await pack();
    const elsewhere = mkdtempSync(join(tmpdir(), "elsewhere-"));
    const clone = join(elsewhere, "clone");
    project.git("clone", "--quiet", project.root, clone);
    const settings = join(elsewhere, "gitconfig");
    const attributes = join(elsewhere, "attributes");
    writeFileSync(attributes, "*.ts eol=crlf\n*.yaml export-ignore\n");
    const own = `autocrlf = true\n\teol = crlf\n\tattributesFile = ${attributes}`;
    writeFileSync(settings, `[core]\n\t${own}\n[i18n]\n\tlogOutputEncoding = latin1\n`);
    const options = { root: clone, sha, nodeModules: NODE_MODULES };
    const script = `
      process.umask(0o077);
      const { default: files } = await import("node:fs/promises");
      const { syncBuiltinESMExports } = await import("node:module");
      const { readdir } = files;
      files.readdir = async (...given) => (await readdir(...given)).reverse();
      syncBuiltinESMExports();
      const { packageRelease } = await import(${JSON.stringify(PACKAGE)});
      const { directoryArtifacts } = await import(${JSON.stringify(DIRECTORY)});
      const to = directoryArtifacts(${JSON.stringify(join(elsewhere, "out"))});
      await packageRelease({ ...${JSON.stringify(options)}, to, progress: () => {} });`;
    const env = {
      PATH: process.env.PATH,
      TMPDIR: elsewhere,
      TZ: "Asia/Kathmandu",
      LANG: "tr_TR.UTF-8",
      LC_ALL: "tr_TR.UTF-8",
      GIT_CONFIG_GLOBAL: settings,
    };
    execFileSync(process.execPath, ["--input-type=module", "-e", script], { env, cwd: elsewhere });
    expect(bytesIn(join(elsewhere, "out"))).to.deep.equal(bytesIn(directory));
    rmSync(elsewhere, { recursive: true });
  });

  it("says by which tools, from which repository and for which packages it was made", async () => {
    const { manifest } = await pack();
    const locked = JSON.parse(FILES["package-lock.json"] ?? "").packages;
    expect(manifest.tools).to.deep.equal({
      node: process.version,
      esbuild: locked["node_modules/esbuild"].version,
    });
    expect(manifest.needs).to.deep.equal({ "@pulumi/pulumi": locked["node_modules/@pulumi/pulumi"].version });
    const nameless = project.commit({ "package.json": '{ "name": "a-project" }\n' });
    expect((await pack(nameless)).manifest.repository).to.equal("a-project");
  });

  it("refuses to make it with other tools than the commit's lock file names", async () => {
    const other = FILES["package-lock.json"]?.replace(process.versions.node, "24.0.99") ?? "";
    const { code, message } = await problemOf(pack(project.commit({ "package-lock.json": other })));
    expect(code).to.equal("dependency-differs");
    expect(message).to.include("node 24.0.99");
  });

  it("puts the SHA into the function's bytes, and no path of this machine into any", async () => {
    const { directory, manifest } = await pack();
    const code = onlyFileOf(readFileSync(join(directory, manifest.parts.hello?.key ?? "")));
    expect(code).to.include(`"${sha}"`);
    for (const text of [code, readFileSync(join(directory, `releases/${sha}/infra.mjs`), "utf8")]) {
      expect(text).to.not.include(project.root);
      expect(text).to.not.include(tmpdir());
      expect(text).to.not.include(NODE_MODULES);
    }
    const module = { exports: {} as { handler(): Promise<string> } };
    new Function("module", "exports", "require", code)(
      module,
      module.exports,
      createRequire(import.meta.url),
    );
    expect(await module.exports.handler()).to.equal(sha);
  });

  it("packs the infra program with the settings of that commit", async () => {
    project.commit({ "Pulumi.north.yaml": "config:\n  a-project:greeting: hello\n" });
    const { directory } = await pack();
    const place = join(NODE_MODULES, ".cache", "package-test");
    mkdirSync(place, { recursive: true });
    const file = join(place, `${sha}.mjs`);
    writeFileSync(file, readFileSync(join(directory, `releases/${sha}/infra.mjs`)));
    const module = (await import(file)) as Record<string, unknown>;
    rmSync(place, { recursive: true });
    expect(module.project).to.deep.equal({ name: "a-project" });
    expect(module.stacks).to.deep.equal({ north: { config: { "a-project:greeting": "ahoy" } } });
    expect(module.program).to.be.a("function");
  });

  it("takes the commit, not what lies about in the tree", async () => {
    const before_ = bytesIn((await pack()).directory);
    writeFileSync(join(project.root, "lambdas/hello/index.ts"), "export const handler = 1;\n");
    expect(bytesIn((await pack()).directory)).to.deep.equal(before_);
  });

  it("changes nothing that is there, and leaves nothing half-made", async () => {
    const { directory } = await pack();
    const attestation = join(directory, `releases/${sha}/attestations/validated.json`);
    mkdirSync(dirname(attestation));
    writeFileSync(attestation, "kept");
    await pack();
    expect(readFileSync(attestation, "utf8")).to.equal("kept");
    writeFileSync(join(directory, `hello/${sha}/lambda.zip`), "other bytes");
    expect((await problemOf(pack())).code).to.equal("key-taken");
    await problemOf(pack(project.commit({ "lambdas/hello/index.ts": 'import "./gone.ts";\n' })));
    expect(readdirSync(out)).to.deep.equal([sha]);
  });

  it("may be done twice at once", async () => {
    const releases = await Promise.all([pack(), pack(), pack()]);
    expect(releases[1]?.manifest).to.deep.equal(releases[0]?.manifest);
    expect(readdirSync(out)).to.deep.equal([sha]);
    expect(filesIn(join(out, sha))).to.have.length(3);
  });

  it("says which part does not build, and where", async () => {
    const commit = project.commit({ "lambdas/hello/index.ts": "export const handler = ;\n" });
    const { code, owner, message } = await problemOf(pack(commit));
    expect({ code, owner }).to.deep.equal({ code: "bundle-failed", owner: "user" });
    expect(message).to.include("The part hello").and.to.include("lambdas/hello/index.ts:1");
    expect(message).to.not.include(tmpdir());
  });

  for (const [missing, named] of [
    ["lambdas/hello/index.ts", "function in lambdas/"],
    ["infra/service.ts", "infra/service.ts"],
    ["Pulumi.yaml", "Pulumi.yaml"],
    ["package-lock.json", "package-lock.json"],
  ] as const) {
    it(`refuses a commit without ${missing}`, async () => {
      const { code, message } = await problemOf(pack(project.commit({ [missing]: null })));
      expect(code).to.equal("release-part-missing");
      expect(message).to.include(`has no ${named}`);
    });
  }

  it("refuses settings that cannot be read, and names their file", async () => {
    const { code, message } = await problemOf(pack(project.commit({ "Pulumi.north.yaml": "config: [1\n" })));
    expect(code).to.equal("stack-settings-invalid");
    expect(message).to.match(/^Pulumi\.north\.yaml /);
  });

  it("refuses a function that is called as the infra program is", async () => {
    const commit = project.commit({ "lambdas/infra/index.ts": FILES["lambdas/hello/index.ts"] ?? "" });
    expect((await problemOf(pack(commit))).code).to.equal("function-name-taken");
  });
});

function filesIn(directory: string): string[] {
  return globSync("**", { cwd: directory })
    .filter((file) => statSync(join(directory, file)).isFile())
    .sort();
}

function bytesIn(directory: string): Record<string, string> {
  return Object.fromEntries(
    filesIn(directory).map((file) => [file, sha256(readFileSync(join(directory, file)))]),
  );
}

/** The text of the only file in a zip, which is stored as it is: its header has 30 bytes, a name and an extra field. */
function onlyFileOf(zip: Buffer): string {
  const start = 30 + zip.readUInt16LE(26) + zip.readUInt16LE(28);
  return zip.subarray(start, start + zip.readUInt32LE(18)).toString("utf8");
}
