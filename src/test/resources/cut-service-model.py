"""Cuts botocore's SageMaker model to what the engine checks.

usage: python3 src/test/resources/cut-service-model.py > src/main/resources/dev/bursar/engine/wire/constraints.json
"""

import gzip
import json
import pathlib

import botocore

OPERATIONS = {
    "sagemaker/2017-07-24": [
        "AddTags",
        "CreateEndpoint",
        "CreateEndpointConfig",
        "CreateHyperParameterTuningJob",
        "CreateModel",
        "CreateProcessingJob",
        "CreateTrainingJob",
        "CreateTransformJob",
        "DeleteEndpoint",
        "DeleteEndpointConfig",
        "DeleteHyperParameterTuningJob",
        "DeleteModel",
        "DeleteProcessingJob",
        "DeleteTags",
        "DeleteTrainingJob",
        "DescribeEndpoint",
        "DescribeEndpointConfig",
        "DescribeHyperParameterTuningJob",
        "DescribeModel",
        "DescribeProcessingJob",
        "DescribeTrainingJob",
        "DescribeTransformJob",
        "ListEndpointConfigs",
        "ListEndpoints",
        "ListHyperParameterTuningJobs",
        "ListModels",
        "ListProcessingJobs",
        "ListTags",
        "ListTrainingJobs",
        "ListTrainingJobsForHyperParameterTuningJob",
        "ListTransformJobs",
        "Search",
        "StopHyperParameterTuningJob",
        "StopProcessingJob",
        "StopTrainingJob",
        "StopTransformJob",
        "UpdateEndpoint",
        "UpdateEndpointWeightsAndCapacities",
    ],
    "logs/2014-03-28": ["DescribeLogStreams", "GetLogEvents"],
}
KEPT = ("type", "required", "min", "max", "pattern", "enum")


def reached(shapes, name, kept):
    if name in kept:
        return
    shape = shapes[name]
    cut = kept[name] = {key: shape[key] for key in KEPT if key in shape}
    if "members" in shape:
        cut["members"] = {member: it["shape"] for member, it in sorted(shape["members"].items())}
    for part in ("member", "key", "value"):
        if part in shape:
            cut[part] = shape[part]["shape"]
    for child in list(cut.get("members", {}).values()) + [cut[p] for p in ("member", "key", "value") if p in cut]:
        reached(shapes, child, kept)


def main():
    shapes, inputs = {}, {}
    data = pathlib.Path(botocore.__file__).parent / "data"
    for service, operations in OPERATIONS.items():
        model = json.loads(gzip.decompress((data / service / "service-2.json.gz").read_bytes()))
        prefix = service.split("/")[0] + "."
        own = {}
        for operation in operations:
            shape = model["operations"][operation]["input"]["shape"]
            inputs[operation] = prefix + shape
            reached(model["shapes"], shape, own)
        for name, shape in own.items():
            for part in ("member", "key", "value"):
                if part in shape:
                    shape[part] = prefix + shape[part]
            if "members" in shape:
                shape["members"] = {member: prefix + it for member, it in shape["members"].items()}
            shapes[prefix + name] = shape
    print("{\n\"source\": \"botocore %s\",\n\"inputs\": %s,\n\"shapes\": {" % (botocore.__version__, json.dumps(inputs)))
    print(",\n".join("%s: %s" % (json.dumps(name), json.dumps(shapes[name])) for name in sorted(shapes)))
    print("}\n}")


main()
