const MISSING = /^(NoSuch\w*|NotFound(Exception)?|ResourceNotFoundException|\w+NotFoundError)$/;

/** What AWS answered, or undefined where it has no such thing. */
export async function unlessMissing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (MISSING.test((error as Error).name)) return undefined;
    throw error;
  }
}
