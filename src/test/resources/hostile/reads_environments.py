"""Prints variables, open files and command lines of every process it can see, and its own."""
import glob, os

print(dict(os.environ))
for file in glob.glob("/proc/[0-9]*/environ") + glob.glob("/proc/[0-9]*/cmdline") + glob.glob("/proc/[0-9]*/maps"):
    try:
        print("GOT", file, open(file, errors="replace").read().replace("\0", " "))
    except OSError as e:
        print("nothing:", e.strerror)
for link in glob.glob("/proc/[0-9]*/fd/*") + glob.glob("/proc/[0-9]*/cwd"):
    try:
        print("GOT", link, os.readlink(link))
    except OSError as e:
        print("nothing:", e.strerror)
print("PROCESSES", len(glob.glob("/proc/[0-9]*")))
