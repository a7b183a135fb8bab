import { type BuildFailure, type BuildOptions, build, transform } from "esbuild";
import { releaseProblem } from "./problems.ts";

/** One file of JavaScript, the sources that went into it, relative to the checkout, and what it imports where it runs. */
export type Bundle = { code: Uint8Array; inputs: string[]; imports: string[] };

const SAME_FOR_ALL: BuildOptions = {
  bundle: true,
  write: false,
  metafile: true,
  platform: "node",
  minify: false,
  sourcemap: false,
  legalComments: "none",
  charset: "utf8",
  logLevel: "silent",
  outfile: "bundle.js",
  // Dependencies are reached by a link in the checkout: their real place must not get into the bytes.
  preserveSymlinks: true,
};

/** Starts the bundler's own process, which the first bundle would otherwise wait for. */
export async function startBundler(): Promise<void> {
  await transform("");
}

/** Bundles a function for Lambda, whose runtime brings the AWS SDK. Throws the problem bundle-failed. */
export async function bundleFunction(checkout: string, name: string, sha: string): Promise<Bundle> {
  return bundle(name, {
    absWorkingDir: checkout,
    entryPoints: [`lambdas/${name}/index.ts`],
    format: "cjs",
    target: "node22",
    external: ["@aws-sdk/*"],
    define: { RELEASE_SHA: JSON.stringify(sha) },
  });
}

/**
 * Bundles the infra program with the settings of every stack, so that a rollback brings both back. `@pulumi/*` stays
 * outside: it is the orchestrator's own, and its state must be shared.
 */
export async function bundleInfra(
  checkout: string,
  settings: { project: unknown; stacks: unknown },
): Promise<Bundle> {
  const contents = [
    'export { program } from "./infra/service.ts";',
    `export const project = ${JSON.stringify(settings.project)};`,
    `export const stacks = ${JSON.stringify(settings.stacks)};`,
  ].join("\n");
  return bundle("infra", {
    absWorkingDir: checkout,
    stdin: { contents, resolveDir: checkout, sourcefile: "infra.ts", loader: "ts" },
    format: "esm",
    target: "node24",
    external: ["@pulumi/*"],
  });
}

async function bundle(part: string, options: BuildOptions): Promise<Bundle> {
  try {
    const { outputFiles, metafile } = await build({ ...SAME_FOR_ALL, ...options });
    return {
      code: outputFiles?.[0]?.contents ?? new Uint8Array(),
      inputs: Object.keys(metafile?.inputs ?? {}),
      imports: Object.values(metafile?.outputs ?? {}).flatMap(({ imports }) =>
        imports.map(({ path }) => path),
      ),
    };
  } catch (error) {
    const [first] = (error as BuildFailure).errors ?? [];
    if (!first) throw error;
    const place = first.location ? ` (${first.location.file}:${first.location.line})` : "";
    throw releaseProblem("bundle-failed", { part, reason: `${first.text}${place}` }, error);
  }
}
