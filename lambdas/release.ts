declare const RELEASE_SHA: string;

/**
 * The git SHA this package was built from. The packager writes it over `RELEASE_SHA`: it is a fact about the bytes,
 * so that the same bytes report the same release wherever they run.
 */
export const release: string = typeof RELEASE_SHA === "undefined" ? "unreleased" : RELEASE_SHA;
