/** Sets environment variables for the tests of a suite, as the stack does for the function, and takes them back. */
export function environment(variables: () => Record<string, string>): void {
  const earlier: Record<string, string | undefined> = {};
  before(() => {
    for (const [name, value] of Object.entries(variables())) {
      earlier[name] = process.env[name];
      process.env[name] = value;
    }
  });
  after(() => {
    for (const [name, value] of Object.entries(earlier)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });
}
