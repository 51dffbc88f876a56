# usage: setsid sh child.sh FOLDER CHILDREN_LOG LINE LOG_LIMIT MEMORY_KB DISK_KB WALLS command...
# Runs a command at most once per folder and lives on when the engine dies. What the engine needs to find the child
# again, it reads from the folder: wrapper.pid, program.pid, log, and exit once the command and its log have ended.
# With WALLS "walled" the command builds walls and runs the program behind them; what is to get a SIGTERM is then known
# there only, and written to file descriptor 3.
cd "$1" || exit 1
children=$2 line=$3 limit=$4 memory=$5 disk=$6 walls=$7
shift 7
mkdir started 2>/dev/null || exit 1
echo $$ > wrapper.tmp && mv wrapper.tmp wrapper.pid
# head would keep short output to itself until it has a block full.
unbuffered=
if command -v stdbuf > /dev/null; then unbuffered='stdbuf -o0'; fi
{
  ulimit -v "$memory" 2> /dev/null
  ulimit -f "$((disk * 2))" 2> /dev/null
  if [ "$walls" = walled ]; then
    "$@" 3> program.pid 2>&1 &
    program=$!
    echo "$line $program" >> "$children"
  else
    "$@" 2>&1 &
    program=$!
    echo "$line $program" >> "$children"
    echo $program > program.tmp && mv program.tmp program.pid
  fi
  wait $program
  echo $? > code.tmp && mv code.tmp code
} | {
  $unbuffered head -c "$limit"
  if [ "$(head -c 1 | wc -c)" -gt 0 ]; then
    printf '\nThe log was cut here: it had reached %s bytes.\n' "$limit"
    cat > /dev/null
  fi
} > log
mv code exit
