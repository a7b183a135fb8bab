// Pulumi's own starter compiles `.ts` itself, as CommonJS; from a module Node reads it as it does everywhere here.
import "./pack.ts";
