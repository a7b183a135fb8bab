import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import ts from "typescript";

const SDK = dirname(createRequire(import.meta.url).resolve("@pulumi/aws/package.json"));
const DEEPEST = 12; // some types hold themselves

/** The inputs of a resource as leaves: `rules[].filter.prefix` → string. Through lists by `[]`, through maps by `{}`. */
export type Shape = Map<string, string>;

/** The inputs that the SDK declares for a resource type. */
export function sdkInputs(type: string): Shape {
  const [, module, name] = type.split(":");
  const args = interfaces(join(SDK, `${module}.d.ts`)).get(`${name}Args`);
  const shape: Shape = new Map();
  if (args) addMembers(args, "", shape);
  return shape;
}

let nested: Map<string, ts.InterfaceDeclaration> | undefined;

function addMembers(declaration: ts.InterfaceDeclaration, prefix: string, shape: Shape): void {
  if (prefix.split(".").length > DEEPEST) return;
  for (const member of declaration.members) {
    if (ts.isPropertySignature(member)) add(member.type, prefix + member.name.getText(), shape);
  }
}

function add(type: ts.TypeNode | undefined, path: string, shape: Shape): void {
  if (type === undefined) return;
  if (ts.isParenthesizedTypeNode(type)) add(type.type, path, shape);
  else if (ts.isArrayTypeNode(type)) add(type.elementType, `${path}[]`, shape);
  else if (ts.isUnionTypeNode(type)) add(firstOf(type), path, shape);
  else if (ts.isTypeLiteralNode(type)) add(elementOf(type), `${path}{}`, shape);
  else if (ts.isTypeReferenceNode(type)) addReferenced(type, path, shape);
  else shape.set(path, type.getText());
}

function addReferenced(type: ts.TypeReferenceNode, path: string, shape: Shape): void {
  const name = type.typeName.getText();
  if (name === "pulumi.Input") {
    add(type.typeArguments?.[0], path, shape);
    return;
  }
  nested ??= interfaces(join(SDK, "types", "input.d.ts"));
  const declaration = name.startsWith("inputs.") ? nested.get(name.slice("inputs.".length)) : undefined;
  if (declaration) addMembers(declaration, `${path}.`, shape);
  else shape.set(path, "string"); // an enumeration of strings, an ARN, the name of another resource
}

function firstOf(type: ts.UnionTypeNode): ts.TypeNode | undefined {
  return type.types.find((part) => part.getText() !== "undefined");
}

function elementOf(type: ts.TypeLiteralNode): ts.TypeNode | undefined {
  const [index] = type.members;
  return index && ts.isIndexSignatureDeclaration(index) ? index.type : undefined;
}

/** The interfaces of a declaration file by name, those in namespaces by their full name. */
function interfaces(file: string): Map<string, ts.InterfaceDeclaration> {
  const found = new Map<string, ts.InterfaceDeclaration>();
  const visit = (node: ts.Node, prefix: string): void => {
    if (ts.isInterfaceDeclaration(node)) found.set(prefix + node.name.text, node);
    if (!ts.isModuleDeclaration(node) || !node.body) return;
    const inner = `${prefix}${node.name.text}.`;
    ts.forEachChild(node.body, (child) => visit(child, inner));
  };
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  ts.forEachChild(source, (node) => visit(node, ""));
  return found;
}
