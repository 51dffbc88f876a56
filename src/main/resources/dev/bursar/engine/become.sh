# usage: BURSAR_COUNT=2 BURSAR_1=NAME=value BURSAR_2=NAME=value sh become.sh command...
# Becomes the command, with the variables that are meant for it and no others. Until here they are values of names that
# nobody obeys: what keeps the log and builds the walls must not be told by a job which libraries or programs to load.
number=$BURSAR_COUNT
while [ "$number" -gt 0 ]; do
  eval "set -- \"\$BURSAR_$number\" \"\$@\""
  number=$((number - 1))
done
PATH=/usr/bin:/bin
exec env -i -- "$@"
