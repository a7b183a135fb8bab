/** What a value ends at in a header, a query, a JSON document or a line. */
const VALUE = "[^\\s\"'\\\\&,;<>]";
const NAMES = [
  "aws_?secret_?access_?key",
  "secret_?access_?key",
  "aws_?session_?token",
  "x-amz-security-token",
  "x-amz-signature",
  "x-amz-credential",
  "x-api-key",
  "api_?key",
  "client_?secret",
  "access_?token",
  "pass(?:word|phrase|wd)",
].join("|");

/** How a name is joined to its value: `name=`, `name: `, `"name":"`, `\"name\": \"`. */
const IS = "[\"'\\\\]*\\s*[=:]\\s*[\"'\\\\]*";

/** Longer than any of these is no secret's shape. In characters. */
export const LONGEST_SHAPE = 8_192;

/** Secrets that nobody named, by what they look like. Where there are two groups, the first is kept. */
export const SHAPES: RegExp[] = [
  /(-{5}BEGIN[A-Z0-9 +%]{0,40}PRIVATE(?: |\+|%20)KEY-{5})[\s\S]{1,8000}?(?=-{5}END)/g,
  /()\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /()\b(?:gh[a-z]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{22,255})/g,
  /(\b[a-z][a-z0-9+.-]{0,30}:(?:\\?\/){2}[^\s:/@"'\\]{0,100}:)[^\s@/"'\\]{1,500}(?=@)/gi,
  new RegExp(`(\\b(?:proxy-)?authorization${IS})[^"'\\\\\\r\\n]{4,4000}`, "gi"),
  new RegExp(`((?:${NAMES})${IS})${VALUE}{6,4000}`, "gi"),
];
