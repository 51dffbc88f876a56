"""Leaves a process in a session of its own, which keeps writing to the output folder."""
import os, sys, time

marker = sys.argv[sys.argv.index("--marker") + 1]
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        null = os.open("/dev/null", os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(null, descriptor)
        os.execv(sys.executable, [sys.executable, "-c", "import time; time.sleep(600)", marker])
    os._exit(0)
time.sleep(0.3)
print("left")
