"""Puts links, hard links, pipes and devices that lead to a secret wherever something is collected, then fails if told so."""
import os, socket, sys

arguments = dict(zip(sys.argv[1::2], sys.argv[2::2]))
secrets = arguments["--paths"].split(":")
for folder in os.path.expandvars(arguments["--folders"]).split(":"):
    os.makedirs(folder, exist_ok=True)
    open(os.path.join(folder, "own"), "w").write("own")
    os.symlink(os.path.join(folder, "own"), os.path.join(folder, "link-to-own"))
    os.makedirs(os.path.join(folder, "deep"), exist_ok=True)
    for number, secret in enumerate(secrets):
        for name, make in (("link", os.symlink), ("hard", os.link)):
            try:
                make(secret, os.path.join(folder, "%s-%d" % (name, number)))
            except OSError as e:
                print("nothing:", e.strerror)
        os.symlink(os.path.dirname(secret), os.path.join(folder, "folder-%d" % number))
        os.symlink("../" * 20 + secret[1:], os.path.join(folder, "deep", "up-%d" % number))
    os.mkfifo(os.path.join(folder, "pipe"))
    os.symlink("/proc/self/environ", os.path.join(folder, "environ"))
    try:
        os.mknod(os.path.join(folder, "device"), 0o600 | 0o020000, os.makedev(1, 5))
    except OSError as e:
        print("nothing:", e.strerror)
    unix = socket.socket(socket.AF_UNIX)
    os.chdir(folder)
    unix.bind("socket")
    open(os.path.join(folder, "line\nbreak"), "w").write("own")
if "--failure" in arguments:
    failure = os.path.join(os.environ["SM_OUTPUT_DIR"], "failure")
    try:
        {"link": lambda: os.symlink(secrets[0], failure),
         "hard": lambda: os.link(secrets[0], failure),
         "pipe": lambda: os.mkfifo(failure),
         "folder": lambda: os.mkdir(failure)}[arguments["--failure"]]()
    except OSError as e:
        print("nothing:", e.strerror)
    sys.exit(1)
