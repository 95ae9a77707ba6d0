# Starts a private redis-server with the socket "redis.sock" in the folder $1, with the further settings $2, says its
# process on standard output ("failed" if it does not start), and kills it when standard input ends: that is when the
# test's process does, however it ends.
trap '' INT TERM HUP
redis-server --port 0 --unixsocket "$1/redis.sock" --dir "$1" --save '' --appendonly no --logfile "$1/redis.log" $2 \
  </dev/null >/dev/null 2>&1 &
server=$!
until redis-cli -s "$1/redis.sock" ping >/dev/null 2>&1; do
  kill -0 $server 2>/dev/null || { echo failed; exit 1; }
done
echo $server
exec >/dev/null 2>&1
cat
kill -9 $server
wait
rm -f "$1/redis.sock"
