import { data } from "./data.ts";
import { identity } from "./identity.ts";
import type { Kinds } from "./kind.ts";
import { service } from "./service.ts";

/** Every kind of resource of an environment. */
export const kinds: Kinds = (...of) => [...data(...of), ...service(...of), ...identity(...of)];
