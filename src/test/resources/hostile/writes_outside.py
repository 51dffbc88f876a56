"""Tries to write wherever it is not its own."""
import os, sys

arguments = dict(zip(sys.argv[1::2], sys.argv[2::2]))
targets = ["/usr/x", "/etc/x", "/x", "/root/x", "/opt/x", "/opt/bursar/init.sh", "/proc/sys/kernel/core_pattern",
           "/proc/sysrq-trigger", os.path.dirname(os.path.dirname(sys.executable)) + "/lib/x"]
for path in targets + arguments["--paths"].split(":"):
    try:
        with open(path, "a" if os.path.exists(path) else "w") as file:
            file.write("")
        print("WROTE", path)
    except OSError as e:
        print("nothing:", e.strerror)
