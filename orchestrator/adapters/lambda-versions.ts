import {
  DeleteFunctionCommand,
  LambdaClient,
  paginateListAliases,
  paginateListVersionsByFunction,
} from "@aws-sdk/client-lambda";
import type { PublishedVersion, Versions } from "../ports/versions.ts";
import { type AwsAccess, clientSettings } from "./aws-access.ts";

const LATEST = "$LATEST";

/** The versions of Lambda functions. Lambda itself refuses to remove one that an alias names. */
export function lambdaVersions(access: AwsAccess): Versions {
  const client = new LambdaClient(clientSettings(access));

  async function aliasesByVersion(FunctionName: string): Promise<Map<string, string[]>> {
    const found = new Map<string, string[]>();
    for await (const { Aliases = [] } of paginateListAliases({ client }, { FunctionName }))
      for (const { Name = "", FunctionVersion = "", RoutingConfig } of Aliases)
        for (const version of [
          FunctionVersion,
          ...Object.keys(RoutingConfig?.AdditionalVersionWeights ?? {}),
        ])
          found.set(version, [...(found.get(version) ?? []), Name]);
    return found;
  }

  return {
    async list(FunctionName) {
      const found: PublishedVersion[] = [];
      try {
        for await (const { Versions = [] } of paginateListVersionsByFunction({ client }, { FunctionName }))
          for (const { Version = LATEST, CodeSha256 = "" } of Versions)
            if (Version !== LATEST) found.push({ version: Version, codeSha256: CodeSha256, aliases: [] });
        const aliases = await aliasesByVersion(FunctionName);
        const named = found.map((each) => ({ ...each, aliases: aliases.get(each.version) ?? [] }));
        return named.sort((one, other) => Number(one.version) - Number(other.version));
      } catch (error) {
        if (isNotFound(error)) return [];
        throw error;
      }
    },
    async remove(FunctionName, version) {
      // Without a number it would be the function itself that goes.
      if (!/^[0-9]+$/.test(version))
        throw new Error(`"${version}" of ${FunctionName} is not a published version`);
      try {
        await client.send(new DeleteFunctionCommand({ FunctionName, Qualifier: version }));
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    },
  };
}

const isNotFound = (error: unknown) => error instanceof Error && error.name === "ResourceNotFoundException";
