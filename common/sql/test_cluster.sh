# Makes a private PostgreSQL cluster in a new folder, durable when $1 is "on", says where on standard output, and removes all
# of it when standard input ends: that is when the test's process does, however it ends. postgres
# refuses to run as root, so root becomes postgres.
exec 2>/dev/null
trap '' INT TERM HUP
dir=$(mktemp -d "${TMPDIR:-/tmp}/veche-postgres-XXXXXX") || exit 1
bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
[ -x "$bin/initdb" ] || bin=$(pg_config --bindir)
as=
if [ "$(id -u)" = 0 ]; then
  as="setpriv --reuid=postgres --regid=postgres --clear-groups --"
  chown postgres "$dir"
fi
cd "$dir" || exit 1
if $as "$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync \
     </dev/null >"$dir/initdb.log" 2>&1 &&
   $as "$bin/pg_ctl" -D "$dir/data" -l "$dir/server.log" -w -t 60 start -o "-c listen_addresses='' \
     -c unix_socket_directories='$dir' -c fsync=${1:-off} -c full_page_writes=${1:-off} \
     -c max_connections=400 -c shared_buffers=32MB -c deadlock_timeout=100ms" </dev/null >/dev/null
then echo "ready $dir"; else echo "failed $(cat "$dir"/*.log | tail -n 3 | tr '\n' ' ')"; fi
exec >/dev/null
cat
$as "$bin/pg_ctl" -D "$dir/data" -m immediate -w stop </dev/null
cd / && rm -rf "$dir"
