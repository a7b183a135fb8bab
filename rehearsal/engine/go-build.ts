import { run } from "./command.ts";
import type { EngineOptions } from "./engine.ts";
import { problem } from "./problems.ts";
import { GO_MODULE, wantedPulumi } from "./wanted.ts";

const PACKAGES = [
  "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
  "github.com/pulumi/pulumi-terraform-bridge/v3/dynamic",
];
const REPORT_MS = 5_000;

/**
 * Compiles the Pulumi CLI and the dynamic bridge into a directory, in one go: they share most of what they are made
 * of. The user's GOFLAGS hold beside ours. Throws the problem engine-build-failed with the end of Go's output.
 */
export async function buildTools(go: string, directory: string, options: EngineOptions): Promise<void> {
  const downloads = report(
    options,
    (count, seconds) => `Downloading Go modules: ${count} so far, ${seconds} s`,
  );
  const listed = await running(
    go,
    ["list", "-mod=readonly", "-deps", "-f", "{{.ImportPath}}", ...PACKAGES],
    "Downloading the Go modules",
    options,
    downloads,
  );
  const total = listed.trim().split("\n").length;
  options.progress(
    `Building the Pulumi CLI and its bridge from Go sources: ${total} packages, a few minutes once`,
  );
  const compiled = report(
    options,
    (count, seconds) => `Building: ${count} of ${total} packages, ${seconds} s`,
  );
  // Without the version stamped in, the Automation API refuses the CLI. The sources are modules, not a checkout.
  const version = `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${wantedPulumi()}`;
  await running(
    go,
    [
      "build",
      "-v",
      "-mod=readonly",
      "-buildvcs=false",
      "-ldflags",
      `-s -w ${version}`,
      "-o",
      `${directory}/`,
      ...PACKAGES,
    ],
    "Building the Pulumi CLI",
    options,
    compiled,
  );
}

type Report = { count(): void; end(): void };

async function running(
  go: string,
  args: string[],
  step: string,
  { env, signal }: EngineOptions,
  report: Report,
): Promise<string> {
  try {
    const ended = await run(go, args, {
      env: { ...env, GOWORK: "off" }, // a workspace around this checkout has other versions
      cwd: GO_MODULE,
      signal,
      onStderr: report.count,
    });
    if (ended.code !== 0) throw problem("engine-build-failed", { step, output: ended.tail });
    return ended.stdout;
  } finally {
    report.end();
  }
}

/** Says every few seconds how far it is. */
function report({ progress }: EngineOptions, line: (count: number, seconds: number) => string): Report {
  const began = performance.now();
  let counted = 0;
  const timer = setInterval(
    () => progress(line(counted, Math.round((performance.now() - began) / 1000))),
    REPORT_MS,
  );
  return {
    count: () => {
      counted += 1;
    },
    end: () => clearInterval(timer),
  };
}
