import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { separately } from "../../../orchestrator/cli/own-credentials.ts";
import { ROOT } from "../../../orchestrator/cli/surroundings.ts";
import { environmentNames } from "../../../orchestrator/environment.ts";
import { refused } from "../../contracts/refused.ts";

const [one = "", two = ""] = environmentNames(ROOT);

describe("the credentials of each side", () => {
  const shell = { ...process.env };
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "profiles-"));
    const file = join(directory, "credentials");
    const profile = (name: string) =>
      `[${name}]\naws_access_key_id = id-of-${name}\naws_secret_access_key = key-of-${name}\n`;
    writeFileSync(file, profile("first") + profile("second"));
    writeFileSync(join(directory, "config"), "");
    Object.assign(process.env, {
      AWS_SHARED_CREDENTIALS_FILE: file,
      AWS_CONFIG_FILE: join(directory, "config"),
      AWS_ACCESS_KEY_ID: "id-of-the-shell",
      AWS_SECRET_ACCESS_KEY: "key-of-the-shell",
      AWS_SESSION_TOKEN: "token-of-the-shell",
    });
  });
  afterEach(() => {
    for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) delete process.env[name];
    Object.assign(process.env, shell);
    rmSync(directory, { recursive: true });
  });

  const of = (profile: string) => ({
    accessKeyId: `id-of-${profile}`,
    secretAccessKey: `key-of-${profile}`,
  });

  it("are those of its own profile, and the shell's are forgotten", async () => {
    const sides = await separately([
      { env: one, profile: "first" },
      { env: two, profile: "second" },
    ]);
    expect(sides.map(({ access }) => access.credentials)).to.deep.equal([of("first"), of("second")]);
    const left = Object.values(process.env).filter((value) => value?.endsWith("-of-the-shell"));
    expect(left).to.deep.equal([]);
  });

  it("are the shell's for a side without a profile", async () => {
    const [, other] = await separately([{ env: one, profile: "first" }, { env: two }]);
    expect(other?.access.credentials).to.deep.equal({
      ...of("the-shell"),
      sessionToken: "token-of-the-shell",
    });
    expect(process.env.AWS_SESSION_TOKEN).to.equal(undefined);
  });

  it("are left to the SDK and the engine where no profile is named", async () => {
    const sides = await separately([{ env: one }, { env: two }]);
    expect(sides.map(({ access }) => access.credentials)).to.deep.equal([undefined, undefined]);
    expect(process.env.AWS_ACCESS_KEY_ID).to.equal("id-of-the-shell");
  });

  it("cannot be chosen for a rehearsal environment, which has its own", async () => {
    await refused("option-invalid", separately([{ env: one, local: true, profile: "first" }]));
    await refused(
      "option-invalid",
      separately([
        { env: one, local: true },
        { env: two, profile: "first" },
      ]),
    );
  });

  it("are missing where the profile is", async () => {
    const failure = await separately([{ env: one, profile: "third" }]).catch((error) => error);
    expect(failure).to.include({ name: "CredentialsProviderError" });
  });
});
