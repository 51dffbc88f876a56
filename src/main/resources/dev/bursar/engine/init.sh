# usage: sh init.sh PID PROCESSES command...
# The first process behind a child's walls: when it ends, everything behind them does, whatever has become of it. Runs
# the command, hands SIGTERM on to it, and tells its own number (PID; "-" if it has to be read) once it can do so.
pid=$1 processes=$2
shift 2
if [ "$pid" = - ]; then
  while read -r key pid rest; do [ "$key" != NSpid: ] || break; done < /opt/bursar/self
fi
ulimit -u "$processes" 2> /dev/null || ulimit -p "$processes" 2> /dev/null
asked=''
trap 'asked=yes; kill -TERM "$program"' TERM
cd "$HOME" || exit 1
unset OLDPWD
"$@" 3>&- &
program=$!
echo "$pid" >&3
exec 3>&-
code=127
while :; do
  wait "$program"
  got=$?
  # The second wait of one that was over already knows nothing of it.
  [ "$got" = 127 ] || code=$got
  [ -n "$asked" ] || break
  asked=''
done
exit "$code"
