"""CloudWatch's metric math, as far as alarms need it: arithmetic, comparisons, IF, FILL, MIN, MAX, SUM, AVG, METRICS."""

import ast
import operator
import re

OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
AGGREGATES = {"MIN": min, "MAX": max, "SUM": sum, "AVG": lambda values: sum(values) / len(values)}
FUNCTIONS = {*AGGREGATES, "IF", "FILL", "METRICS", "ABS", "CEIL", "FLOOR"}


class Unsupported(ValueError):
    """The expression is not one that this emulator can evaluate."""


def check(expression):
    """Raises Unsupported unless every part of the expression is understood."""
    for node in ast.walk(_parse(expression)):
        known = (ast.Expression, ast.BinOp, ast.UnaryOp, ast.USub, ast.Compare, ast.BoolOp, ast.And, ast.Or, ast.Call)
        if isinstance(node, ast.Call) and not (isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS):
            raise Unsupported(f"unsupported function in {expression!r}")
        if not isinstance(node, (*known, ast.Name, ast.Load, ast.Constant, ast.List, *OPERATORS)):
            raise Unsupported(f"unsupported term in {expression!r}")


def evaluate(wanted, series, expressions, count):
    """One value a period for the metric `wanted`; None where data is missing or a division by zero drops it."""
    return [_value(wanted, {k: v[i] for k, v in series.items()}, expressions) for i in range(count)]


def _parse(expression):
    text = re.sub(r"\bAND\b|&&", " and ", re.sub(r"\bOR\b|\|\|", " or ", expression))
    try:
        return ast.parse(text.strip(), mode="eval")
    except SyntaxError as error:
        raise Unsupported(f"cannot read {expression!r}") from error


def _value(name, known, expressions):
    if name in known:
        return known[name]
    if name not in expressions:
        raise Unsupported(f"no metric has the id {name!r}")
    rest = {k: v for k, v in expressions.items() if k != name}  # an expression cannot refer to itself
    return _term(_parse(expressions[name]).body, known, rest)


def _term(node, known, expressions):
    def of(child):
        return _term(child, known, expressions)

    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        return _value(node.id, known, expressions)
    if isinstance(node, ast.UnaryOp):
        return _apply(operator.neg, of(node.operand))
    if isinstance(node, ast.BinOp):
        return _apply(OPERATORS[type(node.op)], of(node.left), of(node.right))
    if isinstance(node, ast.Compare):
        return _number(_apply(OPERATORS[type(node.ops[0])], of(node.left), of(node.comparators[0])))
    if isinstance(node, ast.BoolOp):
        both = all if isinstance(node.op, ast.And) else any
        return _number(_apply(lambda *values: both(values), *map(of, node.values)))
    if isinstance(node, ast.List):
        return [of(element) for element in node.elts]
    return _call(node.func.id, node.args, known, of)


def _call(function, args, known, of):
    if function == "METRICS":
        return list(known.values())
    if function == "FILL":
        value = of(args[0])
        return of(args[1]) if value is None else value
    if function == "IF":
        condition = of(args[0])
        if condition is None:
            return None
        return of(args[1]) if condition else of(args[2]) if len(args) > 2 else None
    if function in AGGREGATES:
        values = of(args[0])
        present = [v for v in (values if isinstance(values, list) else [values]) if v is not None]
        return AGGREGATES[function](present) if present else None
    rounding = {"ABS": abs, "CEIL": lambda v: -(-v // 1), "FLOOR": lambda v: v // 1}
    return _apply(rounding[function], of(args[0]))


def _apply(operation, *values):
    if any(value is None for value in values):
        return None
    try:
        return operation(*values)
    except ZeroDivisionError:
        return None


def _number(truth):
    return None if truth is None else float(truth)
