/** What a release gives the stack: for each function the object to run and its digest in the form Lambda reports. */
export type ReleaseInputs = {
  /** The git SHA, 40 hex digits. It names the release to people; the resources know it by `packages` only. */
  sha: string;
  packages: Record<string, { key: string; codeSha256: string }>;
};

/** The package of a function; throws when the release has none, which means release and program do not belong together. */
export function packageOf(release: ReleaseInputs, name: string): { key: string; codeSha256: string } {
  const found = release.packages[name];
  if (!found) throw new Error(`Release ${release.sha} has no package for the function ${name}.`);
  return found;
}
