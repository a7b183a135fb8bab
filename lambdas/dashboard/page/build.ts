/// <reference lib="dom" />

export type Attributes = Record<string, string | number>;
export type Build = (name: string, attributes?: Attributes, ...inside: (Node | string)[]) => Element;

/**
 * Builds an element in the browser. Texts become text nodes and are never read as markup, whatever an article's title
 * contains. Like every function of the page it is sent as its own source: it must not use anything outside of itself.
 */
export function build(name: string, attributes: Attributes = {}, ...inside: (Node | string)[]): Element {
  const drawn = ["svg", "g", "rect", "line", "path", "circle", "text", "title"].includes(name);
  const element = drawn
    ? document.createElementNS("http://www.w3.org/2000/svg", name)
    : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...inside);
  return element;
}
