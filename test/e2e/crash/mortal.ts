// Loaded before the command line by `node --import`: the promotion that it then composes dies where MORTAL says.
import { registerHooks } from "node:module";

const COMPOSE = "/orchestrator/cli/compose.ts";
const MORTAL = new URL("mortal-compose.ts", import.meta.url).href;

registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    if (!found.url.endsWith(COMPOSE) || context.parentURL === MORTAL) return found;
    return { ...found, url: MORTAL };
  },
});
