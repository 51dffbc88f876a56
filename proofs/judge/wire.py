"""A proxy between the AWS SDK and whatever answers it: records every request, and may break calls on purpose.

It is a forward proxy (for a JVM: -Dhttp.proxyHost=… -Dhttp.proxyPort=… -Dhttp.nonProxyHosts=), so that the engine inside
the service can be reached through it as well, and, given an upstream, a reverse proxy (bursar.engine.url)."""

import http.client
import http.server
import re
import threading
import time
import urllib.parse

HOP = {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"}


class Exchange:
    """One request, and what came back."""

    def __init__(self, handler, body):
        address = urllib.parse.urlsplit(handler.path)
        self.time = time.time()
        self.method, self.headers, self.body = handler.command, handler.headers, body
        self.host = address.netloc
        self.path, self.query = address.path or "/", address.query
        self.target = self.headers.get("X-Amz-Target", "")
        signed = re.search(r"/([a-z0-9-]+)/aws4_request", self.headers.get("Authorization", ""))
        self.service = signed.group(1) if signed else ""
        self.status = None

    @property
    def operation(self):
        return self.target.rpartition(".")[2] or f"{self.service} {self.method}"

    def __str__(self):
        return f"{self.operation} {self.path} -> {self.status}"


class Wire:
    """before(exchange) may return (status, headers, body) in place of the real answer, or LOST to hang up;
    after(exchange, answer) sees the real answer before the client does, and may return LOST or another one."""

    LOST = object()

    def __init__(self, upstream=None):
        self.upstream = upstream
        self.before = lambda exchange: None
        self.after = lambda exchange, answer: None
        self.exchanges = []
        wire = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                wire.handle(self)

            do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = handle_any

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            request_queue_size = 128
            daemon_threads = True

            def handle_error(self, request, client_address):
                pass  # clients that were killed hang up

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def java_options(self):
        return ["-Dhttp.proxyHost=127.0.0.1", f"-Dhttp.proxyPort={self.port}", "-Dhttp.nonProxyHosts="]

    def reset(self):
        self.before = lambda exchange: None
        self.after = lambda exchange, answer: None

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def handle(self, handler):
        exchange = Exchange(handler, read(handler))
        self.exchanges.append(exchange)
        answer = self.before(exchange)
        if answer is None:
            answer = self.forward(exchange)
            answer = self.after(exchange, answer) or answer
        if answer is Wire.LOST:
            handler.close_connection = True
            return
        status, headers, content = answer
        exchange.status = status
        handler.send_response_only(status)
        for name, value in headers:
            if name.lower() not in HOP | {"content-length"}:
                handler.send_header(name, value)
        length = len(content)
        if handler.command == "HEAD":
            length = next((value for name, value in headers if name.lower() == "content-length"), 0)
        if status not in (204, 304):
            handler.send_header("Content-Length", str(length))
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(content)

    def forward(self, exchange):
        host = exchange.host or self.upstream
        connection = http.client.HTTPConnection(host, timeout=120)
        path = exchange.path + (f"?{exchange.query}" if exchange.query else "")
        connection.putrequest(exchange.method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in exchange.headers.items():
            if name.lower() not in HOP | {"content-length", "expect"}:
                connection.putheader(name, value)
        if exchange.body or exchange.method in ("PUT", "POST"):
            connection.putheader("Content-Length", str(len(exchange.body)))
        connection.endheaders(exchange.body or None)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        exchange.status = answer.status
        return answer.status, answer.getheaders(), content


def read(handler):
    if "chunked" in handler.headers.get("Transfer-Encoding", ""):
        content = bytearray()
        while size := int(handler.rfile.readline().split(b";")[0], 16):
            content += handler.rfile.read(size)
            handler.rfile.readline()
        while handler.rfile.readline().strip():
            pass
        return bytes(content)
    return handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
