"""A request whose Host is a function URL goes to that function, whatever its path.

The emulator looks at the path first, so that `GET /health`, `/v2/...` or `/oauth2/...` never reach the service.
"""

from hooks import replace
from ministack import app


def apply():
    replace(app, "_handle_pre_body_request", _unless_function_url)
    replace(app, "_handle_post_body_shortcuts", _unless_function_url)
    replace(app, "_handle_special_data_plane_request", _function_url_first)


def _names_function_url(headers):
    return app._LAMBDA_URL_RE.match(headers.get("host", "")) is not None


def _unless_function_url(original):
    async def handle(method, path, headers, *rest):
        return None if _names_function_url(headers) else await original(method, path, headers, *rest)

    return handle


def _function_url_first(original):
    async def handle(method, path, headers, body, query_params, request_id, **connection):
        if not _names_function_url(headers):
            return await original(method, path, headers, body, query_params, request_id, **connection)
        host = headers["host"]
        status, out, answer = await app._handle_lambda_url_request(host, path, method, headers, body, query_params)
        if not any(name.lower() == "x-amzn-requestid" for name in out):
            out["x-amzn-RequestId"] = request_id
        return status, out, answer

    return handle
