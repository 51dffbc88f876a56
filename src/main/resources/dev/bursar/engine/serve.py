"""Serves a model with the user's functions, as SageMaker's inference toolkit does.

usage: serve.py SCRIPT MODEL_DIR PORT_FILE
"""

import csv
import importlib.util
import inspect
import io
import json
import os
import sys
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Refused(Exception):
    def __init__(self, status, message):
        super().__init__(message)
        self.status = status


def numpy():
    try:
        import numpy as np

        return np
    except ImportError:
        return None


def decode(body, content_type):
    np = numpy()
    kind = content_type.split(";")[0].strip()
    if kind == "application/json":
        data = json.loads(body)
        return np.array(data) if np and isinstance(data, list) else data
    if kind == "text/csv":
        rows = [[float(cell) for cell in row] for row in csv.reader(io.StringIO(body.decode())) if row]
        return np.array(rows) if np else rows
    if kind == "application/x-npy" and np:
        return np.load(io.BytesIO(body), allow_pickle=False)
    raise Refused(415, "Content type %s is not supported by this framework." % content_type)


def encode(prediction, accept):
    np = numpy()
    plain = prediction.tolist() if hasattr(prediction, "tolist") else prediction
    if accept == "application/json":
        return json.dumps(plain)
    if accept == "text/csv":
        rows = plain if isinstance(plain, list) else [plain]
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows(row if isinstance(row, list) else [row] for row in rows)
        return out.getvalue()
    if accept == "application/x-npy" and np:
        out = io.BytesIO()
        np.save(out, prediction)
        return out.getvalue()
    raise Refused(406, "Accept type %s is not supported by this framework." % accept)


def predict(data, model):
    return model.predict(data) if hasattr(model, "predict") else model(data)


class Handlers:
    def __init__(self, script, model_dir):
        spec = importlib.util.spec_from_file_location("inference", script)
        self.module = importlib.util.module_from_spec(spec)
        sys.modules["inference"] = self.module
        spec.loader.exec_module(self.module)
        if self.has("transform_fn") and any(map(self.has, ("input_fn", "predict_fn", "output_fn"))):
            raise ValueError("Cannot use transform_fn implementation in conjunction with input_fn, predict_fn, and/or output_fn implementation")
        if not self.has("model_fn"):
            raise NotImplementedError("Please provide a model_fn implementation. See documentation for model_fn at https://github.com/aws/sagemaker-python-sdk")
        self.model = self.call("model_fn", model_dir)

    def has(self, name):
        return hasattr(self.module, name)

    def call(self, name, *arguments):
        function = getattr(self.module, name)
        if len(inspect.signature(function).parameters) > len(arguments):
            arguments += (None,)
        return function(*arguments)

    def transform(self, body, content_type, accept):
        if self.has("transform_fn"):
            result = self.call("transform_fn", self.model, self.text(body, content_type), content_type, accept)
        else:
            data = self.call("input_fn", self.text(body, content_type), content_type) if self.has("input_fn") else decode(body, content_type)
            prediction = self.call("predict_fn", data, self.model) if self.has("predict_fn") else predict(data, self.model)
            result = self.call("output_fn", prediction, accept) if self.has("output_fn") else encode(prediction, accept)
        return result if isinstance(result, tuple) else (result, accept)

    @staticmethod
    def text(body, content_type):
        kind = content_type.split(";")[0].strip()
        return body.decode() if kind.startswith("text/") or kind in ("application/json", "application/jsonlines") else body


def handler(handlers):
    default_accept = os.environ.get("SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT", "application/json")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Headers and body in one packet, at once: the client would wait 40 ms for the second.
        wbufsize = 1 << 16
        disable_nagle_algorithm = True

        def do_GET(self):
            self.reply(200 if self.path == "/ping" else 404, "text/plain", b"")

        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            accept = self.headers.get("Accept") or ""
            try:
                result, kind = handlers.transform(
                    body,
                    self.headers.get("Content-Type") or "application/json",
                    default_accept if accept in ("", "*/*") else accept,
                )
                self.reply(200, kind, result if isinstance(result, bytes) else str(result).encode())
            except Refused as refused:
                self.reply(refused.status, "text/plain", str(refused).encode())
            except Exception as error:
                traceback.print_exc()
                self.reply(500, "text/plain", ("%s: %s" % (type(error).__name__, error)).encode())

        def reply(self, status, kind, body):
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            self.wfile.flush()

        def log_message(self, *arguments):
            pass

    return Handler


def main(script, model_dir, port_file):
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(Handlers(script, model_dir)))
    server.daemon_threads = True
    with open(port_file + ".tmp", "w") as file:
        file.write(str(server.server_port))
    os.rename(port_file + ".tmp", port_file)
    server.serve_forever()


main(*sys.argv[1:])
