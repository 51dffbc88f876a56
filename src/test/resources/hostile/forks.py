"""A fork bomb that counts."""
import os, signal, time

count = 0
try:
    while count < 20000:
        if os.fork() == 0:
            signal.pause()
        count += 1
except OSError as e:
    print("STOPPED AT", count, e.strerror)
else:
    print("NEVER STOPPED", count)
