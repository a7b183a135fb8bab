"""CreateAlias and UpdateAlias refuse what AWS refuses: versions that do not exist and weights that cannot be.

The emulator stores anything, so that a shift to a version that was never published would pass a rehearsal.
"""

from hooks import replace
from ministack.core.responses import error_response_json
from ministack.services import lambda_svc


def apply():
    replace(lambda_svc, "_create_alias", lambda original: _guarded(original, lambda name, data: {}))
    replace(lambda_svc, "_update_alias", lambda original: _guarded(original, _present_alias))


def _present_alias(function, arguments):
    return (function.get("aliases") or {}).get(arguments[1]) or {}


def _guarded(original, present):
    def guarded(*arguments):
        function = lambda_svc._functions.get(arguments[0])
        if function is not None:
            refused = _refusal(arguments[0], function, {**present(function, arguments), **arguments[-1]})
            if refused:
                return refused
        return original(*arguments)

    return guarded


def _refusal(name, function, alias):
    main = alias.get("FunctionVersion")
    weights = (alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
    for version in filter(None, [main, *weights]):
        if version not in function["versions"] and version != "$LATEST":
            arn = f"{lambda_svc._func_arn(name)}:{version}"
            return error_response_json("ResourceNotFoundException", f"Function not found: {arn}", 404)
    problem = _impossible(main, weights, function)
    return error_response_json("InvalidParameterValueException", problem, 400) if problem else None


def _impossible(main, weights, function):
    if not weights:
        return None
    if len(weights) > 1:
        return "Number of items in AdditionalVersionWeights cannot be greater than 1"
    if "$LATEST" in (main, *weights):
        return "$LATEST is not supported for an alias pointing to more than 1 version"
    if main in weights:
        return f"Invalid function version {main}. Function version {main} is already included in routing configuration."
    if any(not 0.0 <= float(weight) <= 1.0 for weight in weights.values()):
        return "Additional version weights must be between 0.0 and 1.0"
    roles = {function["versions"][version]["config"].get("Role") for version in (main, *weights)}
    if len(roles) > 1:
        return "The function versions of a weighted alias must have the same execution role"
    return None
