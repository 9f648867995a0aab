# Makes a cluster in "$1", runs its server, and ends both when standard input ends: that is when the
# process that started this ends, in whatever way.
#
# Standard output is held open by this until the server runs, and then by the server alone, so that its
# end tells the starter that there is no server.
folder=$1
bin=$2
shift 2
trap '' INT TERM HUP
"$bin/initdb" --pgdata="$folder/data" --username=supabase_admin --auth=trust --no-sync \
    --encoding=UTF8 --locale=C >"$folder/log" 2>&1 || exit 1
"$bin/postgres" -D "$folder/data" "$@" </dev/null 2>>"$folder/log" &
server=$!
exec >/dev/null
while read -r _; do :; done
kill -QUIT $server 2>/dev/null
# A server that has only just begun may not hear the first call.
{ sleep 2; kill -KILL $server; } 2>/dev/null &
insist=$!
wait $server
kill $insist 2>/dev/null
rm -rf "$folder"
