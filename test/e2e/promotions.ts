import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { expect } from "chai";
import { type AwsAccess, clientSettings } from "../../orchestrator/adapters/aws-access.ts";
import { environmentNames, firstEnvironment, loadEnvironment } from "../../orchestrator/environment.ts";
import { lastRecord } from "../../rehearsal/record.ts";
import { lookFromOutside } from "../../rehearsal/story/outside.ts";
import type { Checkout } from "./checkout.ts";
import { documentOf, type Ended, launch, type Running, run, start } from "./command.ts";
import { endMarked } from "./processes.ts";
import { type Snapshot, snapshot } from "./snapshot.ts";

type Line = { function: string; version: string; sha: string | null; weight: number };

/** The document of the contract. */
export type Document = {
  outcome: string | null;
  sha: string;
  previousSha: string | null;
  promotionId: string;
  reason: { code: string; message: string; remedy: string } | null;
  steps: { name: string; outcome: string; ms: number }[];
  traffic: Line[];
};

export const about = (ended: Ended) => documentOf(ended) as unknown as Document;

export type Commands = {
  promoting(env: string, sha: string, ...more: string[]): Running;
  promote(env: string, sha: string, ...more: string[]): Promise<Ended>;
  status(env: string): Promise<Record<string, unknown>>;
  /** Builds the release of HEAD; returns its SHA. */
  packaged(): Promise<string>;
  looked(env: string): Promise<Snapshot>;
  /** Refused with this code, with exit code 3, and nothing is other than before. */
  refused(env: string, before: Snapshot, ended: Ended, code: string): Promise<void>;
  /** All the traffic is on a release: by what the command says, by HTTP, and by the aliases. */
  runs(env: string, sha: string, document: Document): Promise<void>;
};

/** The administrator of the rehearsal environment that runs, by what the command says of it. */
/** Starts the rehearsal environment of a checkout, and gives the access of its administrator. */
export async function raised(checkout: Checkout): Promise<AwsAccess> {
  const up = await run(checkout, ["local", "up", "--json"]);
  expect(documentOf(up), up.err).to.include({ started: true });
  return await administratorOf(checkout);
}

/** Ends all that a checkout started, and removes it. */
export async function razed(checkout: Checkout): Promise<void> {
  await run(checkout, ["local", "down"]).catch(() => {});
  await endMarked(checkout.mark);
  checkout.remove();
}

/** The environment that takes every release, and the one that takes what is attested. */
export function firstAndLast({ root }: Checkout): { first: string; last: string } {
  const first = firstEnvironment(root);
  return { first, last: environmentNames(root).find((name) => name !== first) ?? "" };
}

export async function administratorOf(checkout: Checkout): Promise<AwsAccess> {
  const variables = documentOf(await run(checkout, ["local", "env", "--json"])) as Record<string, string>;
  const { AWS_ENDPOINT_URL: endpoint, AWS_REGION: region = "" } = variables;
  const { AWS_ACCESS_KEY_ID: accessKeyId = "", AWS_SECRET_ACCESS_KEY: secretAccessKey = "" } = variables;
  return { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
}

/** The commands of a checkout whose rehearsal environment runs, and what its administrator sees of their effects. */
export function commandsFor(checkout: Checkout, access: AwsAccess): Commands {
  const promoting: Commands["promoting"] = (env, sha, ...more) =>
    start(checkout, ["promote", "--env", env, "--sha", sha, "--local", "--json", ...more]);
  const looked: Commands["looked"] = (env) => snapshot(checkout.root, env, access);
  return {
    promoting,
    promote: (...given) => promoting(...given).ended,
    status: async (env) => documentOf(await run(checkout, ["status", "--env", env, "--local", "--json"])),
    async packaged() {
      const { code, out, err } = await launch(checkout, ["npm", "run", "--silent", "package"]).ended;
      expect(code, err).to.equal(0);
      return out.trim();
    },
    looked,
    async refused(env, before, ended, code) {
      const { outcome, reason } = about(ended);
      expect(reason?.code, ended.err).to.equal(code);
      expect(outcome).to.equal("refused");
      expect(ended.code).to.equal(3);
      expect(await looked(env)).to.deep.equal(before);
    },
    async runs(env, sha, { traffic }) {
      const outside = await lookFromOutside(env, access);
      expect(await outside.version()).to.equal(sha);
      expect(await outside.statusWithoutKey()).to.equal(401);
      expect(traffic.length).to.be.at.least(2);
      for (const { function: name, version, sha: of, weight } of traffic) {
        expect({ of, weight }).to.deep.equal({ of: sha, weight: 1 });
        expect(await outside.weights(`${env}-sentiment-${name}`)).to.deep.equal({ [version]: 1 });
      }
    },
  };
}

/** What runs for the length of one promotion: the engine and its provider, and the shells that watch over them. */
export const isTool = ({ command }: { command: string }) =>
  /pulumi|terraform|\/dynamic |\/bin\/sh/.test(command);

/** Every file of the rehearsal environment that people read or send on; what it is kept running with is not among them. */
export function printedTo({ rehearsal }: Checkout): Record<string, string> {
  const names = readdirSync(rehearsal, { recursive: true, encoding: "utf8" });
  const files = names.filter((name) => /\.(log|html|txt)$/.test(name));
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(rehearsal, name), "utf8")]));
}

/** What nobody may read anywhere: the secret keys of the deployers and the release readers, and the keys that the health route asks for. */
export async function credentials(
  { root, rehearsal }: Checkout,
  access: AwsAccess,
  environments: string[],
): Promise<string[]> {
  const record = await lastRecord(rehearsal);
  const users = Object.values(record?.environments ?? {}).flatMap(({ credentials, reader }) =>
    [credentials, ...(reader ? [reader] : [])].map((each) => each.secretAccessKey),
  );
  const client = new SecretsManagerClient(clientSettings(access));
  const health = environments.map(async (name) => {
    const { healthKeySecret: SecretId } = loadEnvironment(root, name).promotion;
    const { SecretString = "{}" } = await client.send(new GetSecretValueCommand({ SecretId }));
    return String(JSON.parse(SecretString).api_key);
  });
  return [...users, ...(await Promise.all(health))];
}
