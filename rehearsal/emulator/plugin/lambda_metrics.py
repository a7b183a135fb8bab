"""Every execution of a function is counted, however it was invoked, by function, by alias and by version.

The emulator counts only what comes through Invoke (nothing of function URLs, events or queues) and only by function,
and does not apply a function's reserved concurrency to its versions.
"""

import time

from hooks import replace
from ministack.services import cloudwatch, lambda_svc

NAMESPACE = "AWS/Lambda"


def apply():
    replace(lambda_svc, "_emit_lambda_metrics", lambda _: lambda *arguments, **named: None)
    replace(lambda_svc, "_execute_function_dispatch", _counted)
    replace(lambda_svc, "_acquire_execution_slot", _counted_throttles)
    replace(lambda_svc, "_reserved_concurrency", _of_the_function)
    replace(lambda_svc, "handle_function_url_request", _counted_url)


def dimension_sets(config):
    """[{FunctionName}], and when an alias or version was named, also by Resource and by the version executed."""
    name = config["FunctionName"]
    qualifier = config.get("FunctionArn", "").split(":")[7:]
    sets = [{"FunctionName": name}]
    if qualifier:
        resource = {"FunctionName": name, "Resource": f"{name}:{qualifier[0]}"}
        sets += [resource, {**resource, "ExecutedVersion": config.get("Version", "$LATEST")}]
    return sets


def record(config, name, value, unit="Count"):
    for dimensions in dimension_sets(config):
        cloudwatch.record_metric(NAMESPACE, name, value, unit, dimensions)


def _counted(original):
    def dispatch(function, config, event, request_id, started):
        began = time.monotonic()
        result = original(function, config, event, request_id, started)
        record(config, "Invocations", 1)
        record(config, "Errors", 1 if isinstance(result, dict) and result.get("error") else 0)
        record(config, "Throttles", 0)
        record(config, "Duration", (time.monotonic() - began) * 1000, "Milliseconds")
        return result

    return dispatch


def _counted_throttles(original):
    def acquire(function, config):
        slot, limit = original(function, config)
        if slot is None:
            record(config, "Throttles", 1)
        return slot, limit

    return acquire


def _of_the_function(original):
    def reserved(function, config):
        return original(lambda_svc._functions.get(config.get("FunctionName")) or function, config)

    return reserved


def _counted_url(original):
    async def handle(url_id, method, path, headers, body, query_params, resolved=None, source_ip=None):
        began = time.monotonic()
        resolved = resolved or lambda_svc.resolve_function_url(url_id)
        answer = await original(
            url_id, method, path, headers, body, query_params, resolved=resolved, source_ip=source_ip
        )
        if resolved:
            account, region, name, qualifier, _ = resolved
            arn = f"arn:aws:lambda:{region}:{account}:function:{name}" + (f":{qualifier}" if qualifier else "")
            config = {"FunctionName": name, "FunctionArn": arn}
            lambda_svc._run_with_function_config_scope(config, _record_url, config, answer[0], began)
        return answer

    return handle


def _record_url(config, status, began):
    # As on AWS, an answer with a 5xx status is not an error of the function: these are the counters that see it.
    sets = [d for d in dimension_sets(config) if "ExecutedVersion" not in d]
    milliseconds = (time.monotonic() - began) * 1000
    for dimensions in sets:
        cloudwatch.record_metric(NAMESPACE, "UrlRequestCount", 1, "Count", dimensions)
        cloudwatch.record_metric(NAMESPACE, "UrlRequestLatency", milliseconds, "Milliseconds", dimensions)
        cloudwatch.record_metric(NAMESPACE, "Url4xxCount", 1 if 400 <= status < 500 else 0, "Count", dimensions)
        cloudwatch.record_metric(NAMESPACE, "Url5xxCount", 1 if status >= 500 else 0, "Count", dimensions)
