"""Writes until it is stopped: in one file, or in many."""
import os, sys

block = b"x" * (1 << 20)
single = "--single" in sys.argv
written, model = 0, os.environ["SM_MODEL_DIR"]
try:
    while written < 1 << 34:
        with open("one" if single else "%s/%d" % (model, written), "ab") as file:
            for _ in range(64):
                file.write(block)
                written += len(block)
except OSError as e:
    print("STOPPED AT", written, e.strerror)
