import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalWorkspace, PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { expect } from "chai";
import { childEnvironment, onlyChildEnvironment } from "../../../orchestrator/adapters/child-environment.ts";

const MACHINE = { PATH: "/bin", HOME: "/home/somebody", HTTPS_PROXY: "http://proxy:1" };
/** What a job of CI has around a promotion, and no child of it needs. */
const FOREIGN = {
  GITHUB_TOKEN: "a-token",
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: "another",
  ACTIONS_ID_TOKEN_REQUEST_URL: "https://example.com",
  NODE_AUTH_TOKEN: "a-third",
  PREPROD_AWS_SECRET_ACCESS_KEY: "preprods",
  PROD_AWS_SECRET_ACCESS_KEY: "prods",
  PULUMI_ACCESS_TOKEN: "of-another-backend",
  PULUMI_BACKEND_URL: "s3://another",
  NODE_OPTIONS: "--require something",
};
const SHELLS = {
  AWS_ACCESS_KEY_ID: "the-shells",
  AWS_SECRET_ACCESS_KEY: "the-shells-secret",
  AWS_SESSION_TOKEN: "the-shells-session",
  AWS_PROFILE: "the-shells-profile",
  AWS_WEB_IDENTITY_TOKEN_FILE: "/the/shells",
};
const given = {
  region: "eu-central-1",
  endpoint: "http://127.0.0.1:1",
  credentials: { accessKeyId: "meant", secretAccessKey: "meant-secret" },
};

describe("the environment of a promotion's child processes", () => {
  it("is the machine's and the credentials that are meant, and nothing else", () => {
    expect(childEnvironment(given, { ...MACHINE, ...FOREIGN, ...SHELLS })).to.deep.equal({
      ...MACHINE,
      AWS_REGION: "eu-central-1",
      AWS_ENDPOINT_URL: "http://127.0.0.1:1",
      AWS_ACCESS_KEY_ID: "meant",
      AWS_SECRET_ACCESS_KEY: "meant-secret",
    });
  });

  it("has the shell's credentials where the environment has none of its own, and still nothing else", () => {
    const here = childEnvironment({ region: "eu-central-1" }, { ...MACHINE, ...FOREIGN, ...SHELLS });
    expect(here).to.deep.equal({ ...MACHINE, ...SHELLS, AWS_REGION: "eu-central-1" });
    const byProfile = childEnvironment({ region: "eu-central-1", profile: "theirs" }, MACHINE);
    expect(byProfile).to.include({ AWS_PROFILE: "theirs" });
  });

  describe("as the engine gets it", () => {
    const before_ = { ...process.env };
    const directory = mkdtempSync(join(tmpdir(), "child-"));
    after(() => {
      for (const name of Object.keys({ ...FOREIGN, ...SHELLS })) delete process.env[name];
      Object.assign(process.env, before_);
      rmSync(directory, { recursive: true });
    });

    it("holds nothing that only the parent was to have", async () => {
      Object.assign(process.env, FOREIGN, SHELLS, { NODE_OPTIONS: "" });
      const bin = join(directory, "bin");
      mkdirSync(bin);
      const seen = join(directory, "seen");
      writeFileSync(join(bin, "pulumi"), `#!/bin/sh\nenv > '${seen}'\necho '{"user":"x","url":"file://"}'\n`);
      chmodSync(join(bin, "pulumi"), 0o755);
      const pulumiCommand = await PulumiCommand.get({ root: directory, skipVersionCheck: true });
      const workspace = await LocalWorkspace.create({
        pulumiCommand,
        workDir: directory,
        envVars: onlyChildEnvironment(given, process.env),
      });
      await workspace.whoAmI();
      const names = readFileSync(seen, "utf8")
        .split("\n")
        .map((line) => line.split("=")[0] ?? "");
      expect(names).to.include.members(["PATH", "AWS_ACCESS_KEY_ID", "AWS_REGION"]);
      const leaked = [
        ...Object.keys(FOREIGN),
        "AWS_SESSION_TOKEN",
        "AWS_PROFILE",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
      ];
      expect(names.filter((name) => leaked.includes(name))).to.deep.equal([]);
      expect(readFileSync(seen, "utf8"))
        .to.contain("AWS_ACCESS_KEY_ID=meant\n")
        .and.to.not.contain("the-shells");
    });
  });
});
