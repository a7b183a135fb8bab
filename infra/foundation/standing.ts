import pulumi from "@pulumi/pulumi";

/** Names a resource of the program, as `aws:s3/bucket:Bucket state`. */
export type ResourceKey = `aws:${string} ${string}`;

/** What stands already where a foundation is to be made, and what of it must stay as it is. */
export type Standing = {
  /** The ids, at AWS, of what exists and is not in the stack yet: the stack takes it over instead of failing on it. */
  adopt: Record<ResourceKey, string>;
  /** The properties that somebody made stricter than we would, of each resource: they are left alone. */
  keep: Record<ResourceKey, string[]>;
  /** What else the policies of the buckets say, by the resource's name. */
  statements: Record<string, object[]>;
};

export const NOTHING: Standing = { adopt: {}, keep: {}, statements: {} };

/** Lets a program take over what stands and leave alone what is to stay. Called within the program, before anything is made. */
export function standOn({ adopt, keep }: Standing): void {
  if (Object.keys(adopt).length + Object.keys(keep).length === 0) return;
  pulumi.runtime.registerStackTransformation(({ type, name, props, opts }) => {
    const key: ResourceKey = `${type} ${name}` as ResourceKey;
    const id = adopt[key];
    // An adopted resource must be asked for as it is, or the engine refuses it. The next update changes it.
    if (id !== undefined) return { props, opts: { ...opts, import: id, ignoreChanges: ["*"] } };
    const kept = keep[key];
    return kept && { props, opts: { ...opts, ignoreChanges: kept } };
  });
}
