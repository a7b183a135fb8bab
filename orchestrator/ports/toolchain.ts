/**
 * What runs the engine: the directory whose `bin/pulumi` is the CLI, and, where the AWS provider is not a plugin that
 * the engine starts itself, the port of one that already runs.
 */
export type Toolchain = { pulumiRoot: string; providerPort?: number; close(): Promise<void> };
