/** Says that the ledger holds more than this version can read. What it shows may be outdated by that. */
export function warnOfUnknown(count: number): void {
  if (count === 0) return;
  const entries = count === 1 ? "1 entry" : `${count} entries`;
  process.stderr.write(
    `warning: ${entries} of a newer version of this tool could not be read: what is shown may be outdated.\nnext: git pull, then npm ci\n`,
  );
}
