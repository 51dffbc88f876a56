# usage: unshare --mount --pid --fork … sh walls.sh MOUNTS ROOT OWNER FOLDER command...
# The first process of a child's own namespaces, still in the machine's files: builds the child's view of them as MOUNTS
# (an fstab) says, leaves everything else behind and becomes the command, with no capability left.
set -e
mounts=$1 root=$2 owner=$3 folder=$4
shift 4
# Of the machine's paths the job's log learns nothing.
exec 2> "$folder/walls.log"
# Its number as the machine counts, which cannot be found out from behind the walls.
while read -r key pid rest; do [ "$key" != NSpid: ] || break; done < /proc/self/status
if [ "$owner" != same ]; then
  chown -R "$owner:$owner" "$folder/opt" "$folder/home" "$folder/tmp" "$folder/run"
  become="--reuid $owner --regid $owner --clear-groups"
fi
# Not everybody's path leads to these.
PATH=$PATH:/usr/sbin:/sbin
mount -a -T "$mounts"
cd /
unset OLDPWD
exec 2>&1
# Nobody leaves a changed root without a capability, and the kernel gives nobody in one a user namespace to get any in.
# shellcheck disable=SC2086
exec chroot "$root" setpriv ${become:-} --bounding-set -all --inh-caps -all --no-new-privs \
  sh /opt/bursar/init.sh "$pid" "$@"
