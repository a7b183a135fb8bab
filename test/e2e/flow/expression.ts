export type Contexts = Record<string, unknown>;
/** How what a job or a step hangs on has gone so far. */
export type Standing = { succeeded: boolean; failed: boolean };

const TOKEN = /\s*(?:'((?:[^']|'')*)'|(\d+)|([A-Za-z_][\w-]*(?:\.(?:[\w-]+|\*))*)|(==|!=|&&|\|\||[!(),]))/y;

type Token = { text?: string; number?: number; name?: string; sign?: string };

/** Evaluates an expression of a workflow, as far as ours use the language. Throws at whatever it does not know. */
export function evaluate(expression: string, contexts: Contexts, standing?: Standing): unknown {
  const tokens = tokensOf(expression);
  const unknown = (what: string) => new Error(`the expression "${expression}" has ${what}`);
  const taken = (sign: string) => tokens[0]?.sign === sign && tokens.shift() !== undefined;

  function either(): unknown {
    let left = both();
    while (taken("||")) {
      const right = both();
      left ||= right;
    }
    return left;
  }
  function both(): unknown {
    let left = comparison();
    while (taken("&&")) {
      const right = comparison();
      left &&= right;
    }
    return left;
  }
  function comparison(): unknown {
    const left = single();
    if (taken("==")) return same(left, single());
    if (taken("!=")) return !same(left, single());
    return left;
  }
  function single(): unknown {
    if (taken("!")) return !single();
    if (taken("(")) {
      const inner = either();
      if (!taken(")")) throw unknown("no end of a parenthesis");
      return inner;
    }
    const { text, number, name } = tokens.shift() ?? {};
    if (text !== undefined) return text;
    if (number !== undefined) return number;
    if (name === undefined) throw unknown("something at an odd place");
    return taken("(") ? called(name, argumentsOf()) : lookUp(name.split("."), contexts, unknown);
  }
  function argumentsOf(): unknown[] {
    const given: unknown[] = [];
    while (!taken(")")) {
      if (tokens.length === 0) throw unknown("no end of a call");
      given.push(either());
      taken(",");
    }
    return given;
  }
  function called(name: string, given: unknown[]): unknown {
    const [first, second] = given;
    if (name === "join" && Array.isArray(first)) return first.join(String(second ?? ","));
    if (name === "startsWith") return String(first).toLowerCase().startsWith(String(second).toLowerCase());
    if (name === "always") return true;
    if (name === "success" && standing) return standing.succeeded;
    if (name === "failure" && standing) return standing.failed;
    throw unknown(`the function ${name}`);
  }

  const value = either();
  if (tokens.length > 0) throw unknown("more than one value");
  return value;
}

/** GitHub compares texts without regard to case. */
const same = (left: unknown, right: unknown) =>
  typeof left === "string" && typeof right === "string"
    ? left.toLowerCase() === right.toLowerCase()
    : left === right;

/**
 * GitHub gives nothing for a name that it does not know; here it is an error, for it is a mistake of ours. What a job that
 * failed did not put out is nothing here too.
 */
function lookUp(
  [first = "", ...rest]: string[],
  contexts: Contexts,
  unknown: (what: string) => Error,
): unknown {
  let at: unknown[] = [contexts[first]];
  if (at[0] === undefined) throw unknown(`the context ${first}`);
  let many = false;
  for (const name of rest) {
    if (name === "*") {
      at = at.flatMap((each) => Object.values(each as object));
      many = true;
      continue;
    }
    const nothing = at.length === 1 && rest.at(-2) === "outputs" && name === rest.at(-1) ? "" : undefined;
    at = at.map((each) => (each as Contexts | undefined)?.[name] ?? nothing);
    if (at.some((each) => each === undefined)) throw unknown(`no ${first}.${rest.join(".")}`);
  }
  return many ? at : at[0];
}

function tokensOf(expression: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let at = 0; expression.slice(at).trim() !== ""; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const [all, text, number, name, sign] = TOKEN.exec(expression) ?? [];
    if (all === undefined) throw new Error(`"${expression}" cannot be read from "${expression.slice(at)}"`);
    if (text !== undefined) tokens.push({ text: text.replaceAll("''", "'") });
    else if (number !== undefined) tokens.push({ number: Number(number) });
    else if (name !== undefined) tokens.push({ name });
    else tokens.push({ sign });
  }
  return tokens;
}

/** A text of a workflow with its expressions filled in. */
export const filledIn = (text: unknown, contexts: Contexts): string =>
  String(text ?? "").replaceAll(/\$\{\{(.*?)\}\}/gs, (_, expression) =>
    String(evaluate(expression, contexts)),
  );

/** Whether something runs by its `if`: without a word about how it stands, only where all went well before. */
export function runsBy(condition: string | undefined, contexts: Contexts, standing: Standing): boolean {
  const said = (condition ?? "success()").replace(/^\s*\$\{\{(.*)\}\}\s*$/s, "$1");
  const asks = /\b(success|failure|always)\(\)/.test(said);
  return Boolean(evaluate(asks ? said : `success() && (${said})`, contexts, standing));
}
