"""An alias's routing weights decide which version runs, drawn exactly once for each request or event.

The emulator always runs the alias's main version. EMULATOR_SEED makes the draws repeatable.
"""

import contextvars
import os
import random

from hooks import replace
from ministack.core.arn import ArnParseError, parse_arn
from ministack.services import lambda_svc

_dice = random.Random(os.environ.get("EMULATOR_SEED") or None)
# A description of a function must not draw: it tells of the alias's main version.
_describing = contextvars.ContextVar("describing", default=False)
# What the caller named (the alias) is what the function is told, whichever version was drawn.
_invoked_arn = contextvars.ContextVar("invoked_arn", default=None)


def apply():
    replace(lambda_svc, "_invoke", _drawing_invoke)
    replace(lambda_svc, "_execute_function_with_config_scope", _as_invoked)
    replace(lambda_svc, "invoke_async_with_retry", _as_invoked)
    replace(lambda_svc, "_get_func_record_for_ref", _drawing_reference)
    replace(lambda_svc, "_get_func_record_for_qualifier", _drawing_qualifier)
    for description in ("_get_function", "_get_function_config", "_create_esm"):
        replace(lambda_svc, description, _without_drawing)


def draw(function, qualifier):
    """The version that one request to `qualifier` goes to, or None when the qualifier is not a weighted alias."""
    alias = ((function or {}).get("aliases") or {}).get(qualifier)
    weights = ((alias or {}).get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
    if not weights:
        return None
    left = _dice.random()
    for version, weight in sorted(weights.items()):
        left -= float(weight)
        if left < 0:
            return version
    return alias["FunctionVersion"]


def _drawing_invoke(original):
    async def invoke(name, event, headers, path_qualifier=None, query_params=None):
        query = dict(query_params or {})
        qualifier = path_qualifier or lambda_svc._qp_first(query, "Qualifier") or None
        version = draw(lambda_svc._functions.get(name), qualifier)
        if version is None:
            return await original(name, event, headers, path_qualifier, query_params)
        query.pop("Qualifier", None)
        _invoked_arn.set(f"{lambda_svc._func_arn(name)}:{qualifier}")
        return await original(name, event, headers, version, query)

    return invoke


def _as_invoked(original):
    def execute(record, event):
        arn = _invoked_arn.get()
        if arn:
            _invoked_arn.set(None)
            record = {**record, "config": {**record["config"], "FunctionArn": arn}}
        return original(record, event)

    return execute


def _drawing_reference(original):
    def for_reference(reference):
        record, config, name = original(reference)
        qualifier = _qualifier_of(reference)
        if config is None or qualifier in (None, "$LATEST"):
            return record, config, name
        function = lambda_svc._functions.get(name)
        version = draw(function, qualifier)
        if version in (function or {}).get("versions", {}):
            record = function["versions"][version]
            config = record["config"]
        return record, {**config, "FunctionArn": f"{lambda_svc._func_arn(name)}:{qualifier}"}, name

    return for_reference


def _qualifier_of(reference):
    if reference.startswith("arn:"):
        try:
            if parse_arn(reference).service == "lambda":
                return lambda_svc._lambda_function_name_and_qualifier_from_arn(reference)[1]
        except ArnParseError:
            return None
    return lambda_svc._resolve_name_and_qualifier(reference)[1]


def _drawing_qualifier(original):
    def for_qualifier(name, qualifier):
        version = None if _describing.get() else draw(lambda_svc._functions.get(name), qualifier)
        return original(name, version or qualifier)

    return for_qualifier


def _without_drawing(original):
    def describe(*arguments, **named):
        token = _describing.set(True)
        try:
            return original(*arguments, **named)
        finally:
            _describing.reset(token)

    return describe
