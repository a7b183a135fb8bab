/**
 * Stands for the parameters of a message while documentation is made of it: whatever is read of it, and whatever is
 * made of that, shows as its name in braces. A list shows as its own name, its length as a number of it.
 */
export function placeholder(name = ""): Record<string, string> {
  const show = () => (name ? `{${name}}` : "");
  return new Proxy({} as Record<string, string>, {
    get(_, key) {
      if (key === Symbol.toPrimitive || key === "toString" || key === "join") return show;
      if (typeof key === "symbol") throw new Error(`a message asks its parameters for ${String(key)}`);
      return placeholder(key === "length" ? `number of ${name}` : key);
    },
  });
}
