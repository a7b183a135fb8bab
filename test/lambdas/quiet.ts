/** Keeps what the functions log out of the tests' output, and gives it to those who want to look. */
export function quiet(): { lines: string[] } {
  const logged = { lines: [] as string[] };
  const kept = { info: console.info, warn: console.warn, error: console.error };
  before(() => {
    for (const level of ["info", "warn", "error"] as const) {
      console[level] = (line: string) => logged.lines.push(line);
    }
  });
  beforeEach(() => {
    logged.lines.length = 0;
  });
  after(() => Object.assign(console, kept));
  return logged;
}
