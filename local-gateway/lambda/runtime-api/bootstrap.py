"""Runs the handler of a Python function as Lambda's own runtime does.

It is started in the folder of the function's code, with Lambda's environment variables. Its argument is JSON: `hosts` has
the local origin for each of AWS's hosts that this machine replaces, `layers` is the folder of the function's layers, and
`packages` one of packages that the developer has installed.

https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html
"""

import datetime
import decimal
import http.client
import importlib
import importlib.abc
import importlib.util
import itertools
import json
import logging
import math
import os
import socket
import sys
import time
import traceback
import urllib.parse

API = "/2018-06-01/runtime"
TASK_ROOT = os.environ["LAMBDA_TASK_ROOT"]
IS_JSON = os.environ.get("AWS_LAMBDA_LOG_FORMAT", "").upper() == "JSON"


class RuntimeFault(Exception):
    """A failure that the runtime itself detects; `error_type` is its code."""

    def __init__(self, error_type, message, trace=()):
        super().__init__(message)
        self.error_type = error_type
        self.trace = list(trace)


class RuntimeApi:
    """Lambda's Runtime API, over one connection."""

    def __init__(self, address):
        self._connection = http.client.HTTPConnection(address)

    def next(self):
        """The headers and the text of the next event, once there is one."""
        response, body = self._send("GET", "/invocation/next")
        return response.headers, body

    def respond(self, request_id, payload):
        self._send("POST", f"/invocation/{request_id}/response", payload)

    def fail(self, request_id, error):
        self._post_error(f"/invocation/{request_id}/error", error)

    def fail_init(self, error):
        self._post_error("/init/error", error)

    def _post_error(self, path, error):
        headers = {"Lambda-Runtime-Function-Error-Type": header_text(error["errorType"])}
        self._send("POST", path, to_json(error), headers)

    def _send(self, method, path, text=None, headers=None):
        body = None if text is None else text.encode("utf-8", "replace")
        try:
            self._connection.request(method, API + path, body, headers or {})
            response = self._connection.getresponse()
            return response, response.read()
        except (OSError, http.client.HTTPException):
            # The gateway is gone, however it ended.
            os._exit(1)


def header_text(text):
    return text.encode("ascii", "replace").decode("ascii")


# The context object.


class CognitoIdentity:
    """The identity of a caller from a mobile application; nothing of it is known here."""

    cognito_identity_id = None
    cognito_identity_pool_id = None


class Client:
    """The application of a caller, as its client context describes it."""

    def __init__(self, client):
        self.installation_id = client.get("installation_id")
        self.app_title = client.get("app_title")
        self.app_version_name = client.get("app_version_name")
        self.app_version_code = client.get("app_version_code")
        self.app_package_name = client.get("app_package_name")


class ClientContext:
    """What a caller of the function has added to the call."""

    def __init__(self, context):
        self.custom = context.get("custom")
        self.env = context.get("env")
        client = context.get("client")
        self.client = Client(client) if isinstance(client, dict) else None


class LambdaContext:
    """The context object of one invocation.

    https://docs.aws.amazon.com/lambda/latest/dg/python-context.html
    """

    def __init__(self, headers):
        self.aws_request_id = headers["Lambda-Runtime-Aws-Request-Id"]
        self.invoked_function_arn = headers["Lambda-Runtime-Invoked-Function-Arn"]
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.identity = CognitoIdentity()
        client_context = headers["Lambda-Runtime-Client-Context"]
        self.client_context = ClientContext(json.loads(client_context)) if client_context else None
        self._deadline = int(headers["Lambda-Runtime-Deadline-Ms"])

    def get_remaining_time_in_millis(self):
        """How long the invocation may still take."""
        return max(0, self._deadline - int(time.time() * 1000))

    def log(self, message):
        """Writes to the log, without an end of line."""
        sys.stdout.write(str(message))


# JSON.


class Encoder(json.JSONEncoder):
    """Writes JSON as Lambda does: also Decimal, in which boto3 returns the numbers of DynamoDB."""

    def default(self, o):
        if not isinstance(o, decimal.Decimal):
            return super().default(o)
        if not o.is_finite():
            return math.nan
        return int(o) if o == o.to_integral_value() else float(o)


def to_json(value):
    return json.dumps(value, cls=Encoder)


# The log.
# https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html

request_id = ""

# What every log record has; any other attribute is one that the caller has added.
OWN_ATTRIBUTES = {*logging.makeLogRecord({}).__dict__, "aws_request_id", "message", "asctime"}


def timestamp(seconds):
    moment = datetime.datetime.fromtimestamp(seconds, tz=datetime.timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


class JsonFormatter(logging.Formatter):
    """One JSON object for each record."""

    def format(self, record):
        line = {
            "timestamp": timestamp(record.created),
            "level": record.levelname,
            "message": record.getMessage(),
            "logger": record.name,
        }
        if record.exc_info and record.exc_info[0] is not None:
            error_type, error, trace = record.exc_info
            line["stackTrace"] = traceback.format_tb(trace)
            line["errorType"] = error_type.__name__
            line["errorMessage"] = text_of(error)
            line["location"] = f"{record.pathname}:{record.funcName}:{record.lineno}"
        line["requestId"] = record.aws_request_id
        for name, value in record.__dict__.items():
            if name not in OWN_ATTRIBUTES:
                line.setdefault(name, value)
        present = {name: value for name, value in line.items() if value is not None}
        return json.dumps(present, ensure_ascii=False, default=str)


class TextFormatter(logging.Formatter):
    """Level, time, request and message, between tabs."""

    converter = time.gmtime

    def __init__(self):
        super().__init__(
            "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s",
            "%Y-%m-%dT%H:%M:%S",
        )


class LogHandler(logging.Handler):
    """Writes what the logging module gets to the standard output."""

    def emit(self, record):
        record.aws_request_id = request_id
        sys.stdout.write(self.format(record) + "\n")


def set_up_logging():
    handler = LogHandler()
    handler.setFormatter(JsonFormatter() if IS_JSON else TextFormatter())
    root = logging.getLogger()
    root.addHandler(handler)
    level = os.environ.get("AWS_LAMBDA_LOG_LEVEL", "")
    if level:
        root.setLevel("DEBUG" if level == "TRACE" else level)


def text_of(error):
    """The text of an exception, whose own method for it may fail."""
    try:
        return str(error)
    except Exception as failure:
        return f"<str() of the {type(error).__name__} raises {type(failure).__name__}>"


def log_error(error):
    if IS_JSON:
        print(to_json({"timestamp": timestamp(time.time()), "level": "ERROR", **error}))
        return
    lines = [f"[ERROR] {error['errorType']}: {error['errorMessage']}"]
    if error["stackTrace"]:
        lines.append("Traceback (most recent call last):")
        lines.extend(line.rstrip("\n") for line in error["stackTrace"])
    print("\n".join(lines))


def is_own(frame):
    """True for a line of this file, or of the import that it has begun."""
    name = frame.filename
    return name in (__file__, importlib.__file__) or name.startswith("<frozen importlib")


def describe(error):
    """An error as the invoker of the function receives it."""
    if isinstance(error, RuntimeFault):
        error_type, trace = error.error_type, error.trace
    else:
        frames = itertools.dropwhile(is_own, traceback.extract_tb(error.__traceback__))
        error_type, trace = type(error).__name__, traceback.format_list(frames)
    return {
        "errorMessage": text_of(error),
        "errorType": error_type,
        "requestId": request_id,
        "stackTrace": trace,
    }


# The requests for AWS.


def redirect(connection_class, hosts):
    """Sends the https requests of a class of http.client for `hosts` to this machine, without TLS.

    Most functions post to `https://{domainName}/{stage}` of the event, where no certificate of this machine would be
    accepted. Everything else stays the same, above all the Host header, which a signature covers.
    """
    original = connection_class.connect

    def connect(self):
        origin = hosts.get(self.host.lower()) if self.port == 443 else None
        if origin is None or self._tunnel_host:
            original(self)
            return
        url = urllib.parse.urlsplit(origin)
        self.sock = socket.create_connection((url.hostname, url.port), self.timeout)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # urllib3 warns of a connection that is not.
        self.is_verified = True

    connection_class.connect = connect


class Urllib3Finder(importlib.abc.MetaPathFinder):
    """Redirects the requests of every copy of urllib3, which boto3 and requests use, once it is imported."""

    def __init__(self, hosts):
        self._hosts = hosts
        self._names = set()

    def find_spec(self, fullname, path=None, target=None):
        if not fullname.endswith("urllib3.connection") or fullname in self._names:
            return None
        self._names.add(fullname)
        try:
            spec = importlib.util.find_spec(fullname)
        finally:
            self._names.remove(fullname)
        if spec is not None and spec.loader is not None:
            self._extend(spec.loader)
        return spec

    def _extend(self, loader):
        execute = loader.exec_module

        def exec_module(module):
            execute(module)
            redirect(module.HTTPSConnection, self._hosts)

        loader.exec_module = exec_module


def redirect_requests(hosts):
    redirect(http.client.HTTPSConnection, hosts)
    sys.meta_path.insert(0, Urllib3Finder(hosts))


# The function.


def set_up_path(layers, packages):
    """Puts the function's code where the folder of this file is, then its layers, and other packages at the end."""
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    python = os.path.join(layers, "python")
    sys.path[0:1] = [TASK_ROOT, os.path.join(python, "lib", version, "site-packages"), python]
    if packages not in sys.path:
        sys.path.append(packages)


def advice(error):
    """What installs the package that an import has not found, as the end of a sentence."""
    if not isinstance(error, ModuleNotFoundError):
        return ""
    package = str(error.name).partition(".")[0]
    if package in ("boto3", "botocore"):
        return f'. Lambda includes {package}; here "pip install {package}" provides it'
    if os.path.exists(os.path.join(TASK_ROOT, "requirements.txt")):
        command = f"pip install -r requirements.txt --target {TASK_ROOT}"
        return f'. What requirements.txt names is not installed: run "sam build" or "{command}"'
    return ""


def load_handler(name):
    """The function that `name` names, as `folder/module.function` below the function's code."""
    module_name, dot, function_name = name.rpartition(".")
    if not dot:
        raise RuntimeFault("Runtime.MalformedHandlerName", f"Bad handler '{name}': it has no dot")
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        message = f"Unable to import module '{module_name}': {error}{advice(error)}"
        raise RuntimeFault("Runtime.ImportModuleError", message) from error
    except SyntaxError as error:
        message = f"Syntax error in module '{module_name}': {error}"
        trace = [f'  File "{error.filename}" Line {error.lineno}\n    {error.text}']
        raise RuntimeFault("Runtime.UserCodeSyntaxError", message, trace) from error
    if not hasattr(module, function_name):
        message = f"Handler '{function_name}' missing on module '{module_name}'"
        raise RuntimeFault("Runtime.HandlerNotFound", message)
    return getattr(module, function_name)


def run(handler, event, context):
    """The result of one invocation as JSON text."""
    result = handler(json.loads(event), context)
    if isinstance(result, bytes):
        return result.decode("utf-8", "replace")
    try:
        return to_json(result)
    except Exception as error:
        message = f"Unable to marshal response: {error}"
        raise RuntimeFault("Runtime.MarshalError", message) from error


def main():
    global request_id
    settings = json.loads(sys.argv[1])
    sys.argv[1:] = []
    for stream in (sys.stdout, sys.stderr):
        # Text from JSON may have a lone surrogate, for which UTF-8 has no bytes.
        stream.reconfigure(errors="backslashreplace")
    api = RuntimeApi(os.environ["AWS_LAMBDA_RUNTIME_API"])
    set_up_path(settings["layers"], settings["packages"])
    set_up_logging()
    redirect_requests(settings["hosts"])
    try:
        handler = load_handler(os.environ["_HANDLER"])
    except Exception as error:
        description = describe(error)
        log_error(description)
        api.fail_init(description)
        sys.exit(1)
    while True:
        headers, event = api.next()
        request_id = headers["Lambda-Runtime-Aws-Request-Id"]
        os.environ["_X_AMZN_TRACE_ID"] = headers["Lambda-Runtime-Trace-Id"]
        try:
            payload = run(handler, event, LambdaContext(headers))
        except Exception as error:
            description = describe(error)
            log_error(description)
            api.fail(request_id, description)
        else:
            api.respond(request_id, payload)


if __name__ == "__main__":
    main()
