/** What runs the engine. */
export type Toolchain = {
  /** The directory whose `bin/pulumi` is the CLI. */
  pulumiRoot: string;
  /** Where the CLI finds its plugins; a directory of one's own where it needs none. */
  pulumiHome?: string;
  /** The port of an AWS provider that already runs, where it is not a plugin that the engine starts itself. */
  providerPort?: number;
  close(): Promise<void>;
};
