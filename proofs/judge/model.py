"""Judges AWS requests by the service models that come with botocore: names, types, required members, enums, patterns,
lengths and ranges. Stricter than botocore's own validator, which looks only at names, types and required members."""

import base64
import binascii
import json
import re
import urllib.parse

import botocore.session
from botocore.validate import ParamValidator

SESSION = botocore.session.get_session()
# The AWS SDK for Java 2.40.2 adds the checksum of an empty body to GetObject by itself; the model does not have it.
CRC32_OF_NOTHING = "AAAAAA=="
SIGNING = {"x-amz-date", "x-amz-content-sha256", "x-amz-security-token", "x-amz-trailer", "x-amz-decoded-content-length",
           "x-amz-te", "x-amz-target", "x-amz-api-version"}


class Model:

    def __init__(self):
        self.services = {}
        self.sdk_extras = 0

    def service(self, name):
        if name not in self.services:
            self.services[name] = SESSION.get_service_model(name)
        return self.services[name]

    def problems(self, exchange):
        """What is wrong with a request; and the operation that it is."""
        if exchange.service == "s3":
            return self.s3(exchange)
        if exchange.target:
            return self.json(exchange)
        return self.query(exchange)

    # --- SageMaker, CloudWatch Logs

    def json(self, exchange):
        name = exchange.operation
        service = self.service({"logs": "logs"}.get(exchange.service, "sagemaker"))
        metadata = service.metadata
        wrong = []
        if exchange.target != f"{metadata['targetPrefix']}.{name}":
            wrong.append(f"X-Amz-Target is {exchange.target}")
        if exchange.service != metadata.get("signingName", metadata["endpointPrefix"]):
            wrong.append(f"signed for {exchange.service}")
        if (exchange.method, exchange.path) != ("POST", "/"):
            wrong.append(f"{exchange.method} {exchange.path}")
        kind = exchange.headers.get("Content-Type", "")
        if kind.split(";")[0].strip() != f"application/x-amz-json-{metadata['jsonVersion']}":
            wrong.append(f"Content-Type {kind}")
        if name not in service.operation_names:
            return name, wrong + ["no such operation"]
        try:
            body = json.loads(exchange.body or b"{}")
        except ValueError as e:
            return name, wrong + [f"no JSON: {e}"]
        shape = service.operation_model(name).input_shape
        return name, wrong + (list(walk(shape, body, "")) if shape else [])

    # --- STS

    def query(self, exchange):
        form = dict(urllib.parse.parse_qsl(exchange.body.decode()))
        service = self.service("sts")
        name = form.pop("Action", "?")
        if name not in service.operation_names:
            return name, ["no such operation"]
        wrong = [] if form.pop("Version", "") == service.metadata["apiVersion"] else ["Version"]
        shape = service.operation_model(name).input_shape
        return name, wrong + (list(walk(shape, form, "")) if shape else [])

    # --- S3, path style

    def s3(self, exchange):
        service = self.service("s3")
        _, bucket, *key = urllib.parse.unquote(exchange.path).split("/", 2)
        key = key[0] if key else ""
        query = dict(urllib.parse.parse_qsl(exchange.query, keep_blank_values=True))
        hint = query.pop("x-id", None)
        found = [model for model in map(service.operation_model, service.operation_names)
                 if fits(model, exchange, bucket, key, query, hint)]
        if not found:
            return f"S3 {exchange.method} ?{exchange.query}", ["no such operation"]
        model = max(found, key=lambda model: (len(static(model)), len(required_found(model, exchange, query))))
        name = f"S3:{model.name}"
        given, wrong = {}, []
        if bucket:
            given["Bucket"] = bucket
        if key:
            given["Key"] = key
        rest = {part: value for part, value in query.items() if part not in static(model)}
        shape = model.input_shape
        by_place = {(member.serialization.get("location"), member.serialization.get("name", "").lower()): (name_, member)
                    for name_, member in shape.members.items()}
        for place, values in (("querystring", rest.items()),
                              ("header", ((part, value) for part, value in exchange.headers.items()))):
            for part, value in values:
                member = by_place.get((place, part.lower()))
                if member:
                    given[member[0]] = typed(member[1], value)
                elif part.lower() == "x-amz-checksum-crc32" and value == CRC32_OF_NOTHING and not exchange.body:
                    self.sdk_extras += 1
                elif place == "querystring" or (part.lower().startswith("x-amz-") and part.lower() not in SIGNING
                                                and not part.lower().startswith("x-amz-meta-")):
                    wrong.append(f"unknown {place} {part}")
        payload = shape.serialization.get("payload")
        if payload and exchange.body:
            content = shape.members[payload]
            if content.type_name == "structure":
                given.setdefault(payload, {"Objects": [{"Key": "in the body"}]} if payload == "Delete" else {})
            else:
                given[payload] = exchange.body
        report = ParamValidator().validate(given, shape)
        wrong += [report.generate_report()] if report.has_errors() else []
        for name_, value in given.items():
            if shape.members[name_].type_name == "string":
                wrong += walk(shape.members[name_], value, name_)
        return name, wrong


def uri(model):
    return model.http["requestUri"]


def static(model):
    _, _, query = uri(model).partition("?")
    return dict(urllib.parse.parse_qsl(query, keep_blank_values=True))


def fits(model, exchange, bucket, key, query, hint):
    if hint and model.name != hint:
        return False
    path = uri(model).partition("?")[0]
    return (model.http["method"] == exchange.method and ("Bucket" in path) == bool(bucket) and ("Key" in path) == bool(key)
            and all(query.get(name) == value for name, value in static(model).items())
            and (set(query) & SUBRESOURCES) <= set(static(model))
            and len(required_found(model, exchange, query)) == required_count(model))


SUBRESOURCES = {"delete", "uploads", "location", "versions", "tagging", "acl", "policy"}


def required_places(model):
    return [member.serialization for name, member in model.input_shape.members.items()
            if name in model.input_shape.required_members and member.serialization.get("location") in ("header", "querystring")]


def required_count(model):
    return len(required_places(model))


def required_found(model, exchange, query):
    return [place for place in required_places(model)
            if (place["name"] in query if place["location"] == "querystring" else place["name"] in exchange.headers)]


def typed(shape, value):
    if shape.type_name in ("integer", "long"):
        return int(value) if re.fullmatch(r"-?\d+", value) else value
    if shape.type_name == "boolean":
        return {"true": True, "false": False}.get(value.lower(), value)
    if shape.type_name == "list":
        return value.split(",")
    return value


def walk(shape, value, path):
    """Every way in which a JSON value is not of its shape."""
    kind, rules = shape.type_name, shape._shape_model
    where = path or "body"
    if kind == "structure":
        if not isinstance(value, dict):
            yield f"{where}: not an object"
            return
        for name in shape.required_members:
            if value.get(name) is None:
                yield f"{where}: {name} is missing"
        for name, inner in value.items():
            if name not in shape.members:
                yield f"{where}: there is no member {name}"
            else:
                yield from walk(shape.members[name], inner, f"{path}.{name}")
        if rules.get("union") and len(value) != 1:
            yield f"{where}: a union with {len(value)} members"
    elif kind == "list":
        if not isinstance(value, list):
            yield f"{where}: not a list"
            return
        yield from within(rules, len(value), f"{where}: number of elements")
        for number, inner in enumerate(value):
            yield from walk(shape.member, inner, f"{path}[{number}]")
    elif kind == "map":
        if not isinstance(value, dict):
            yield f"{where}: not a map"
            return
        yield from within(rules, len(value), f"{where}: number of entries")
        for name, inner in value.items():
            yield from walk(shape.key, name, f"{path}.<{name}>")
            yield from walk(shape.value, inner, f"{path}.{name}")
    elif kind == "string":
        if not isinstance(value, str):
            yield f"{where}: not a string"
            return
        yield from within(rules, len(value), f"{where}: length")
        if "enum" in rules and value not in rules["enum"]:
            yield f"{where}: {value!r} is none of {len(rules['enum'])} values"
        if "pattern" in rules and not matches(rules["pattern"], value):
            yield f"{where}: {value!r} does not match {rules['pattern']}"
    elif kind in ("integer", "long"):
        if isinstance(value, bool) or not isinstance(value, int):
            yield f"{where}: not a whole number"
            return
        yield from within(rules, value, where)
    elif kind in ("float", "double"):
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            yield f"{where}: not a number"
    elif kind == "boolean":
        if not isinstance(value, bool):
            yield f"{where}: not a boolean"
    elif kind == "timestamp":
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            yield f"{where}: not a time in seconds"
    elif kind == "blob":
        try:
            base64.b64decode(value, validate=True)
        except (TypeError, binascii.Error):
            yield f"{where}: not base 64"


def within(rules, number, what):
    if "min" in rules and number < rules["min"]:
        yield f"{what} is {number}, at least {rules['min']}"
    if "max" in rules and number > rules["max"]:
        yield f"{what} is {number}, at most {rules['max']}"


def matches(pattern, value):
    # Java's classes in Python's words; the patterns use them inside of [] only.
    python = pattern
    for java, own in ((r"\p{L}", r"\w"), (r"\p{Z}", r"\s"), (r"\p{N}", r"\d"), (r"\p{Alnum}", "a-zA-Z0-9"), (r"\p{M}", "")):
        python = python.replace(java, own)
    return re.fullmatch(python, value) is not None
