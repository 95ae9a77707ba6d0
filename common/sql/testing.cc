#include "common/sql/testing.h"

#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

extern char** environ;

namespace veche::sql::testing {
namespace {

// Makes a cluster in a new folder, says where on standard output, and removes all of it when
// standard input ends: that is when the test's process does, however it ends. postgres refuses to
// run as root, so root becomes postgres.
constexpr char kClusterScript[] = R"sh(
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
     -c unix_socket_directories='$dir' -c fsync=off -c full_page_writes=off \
     -c max_connections=400 -c shared_buffers=32MB -c deadlock_timeout=100ms" </dev/null >/dev/null
then echo "ready $dir"; else echo "failed $(cat "$dir"/*.log | tail -n 3 | tr '\n' ' ')"; fi
exec >/dev/null
cat
$as "$bin/pg_ctl" -D "$dir/data" -m immediate -w stop </dev/null
cd / && rm -rf "$dir"
)sh";

std::string ReadLine(int fd) {
  std::string line;
  char c;
  while (read(fd, &c, 1) == 1 && c != '\n') line.push_back(c);
  return line;
}

// Connection string of a cluster of this process, "" when there is none.
std::string StartCluster() {
  int life[2];  // never written to: it ends when this process does
  int said[2];
  if (pipe2(life, O_CLOEXEC) != 0 || pipe2(said, O_CLOEXEC) != 0) return "";
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, life[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, said[1], STDOUT_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);  // Ctrl-C is not for it
  const char* argv[] = {"sh", "-c", kClusterScript, nullptr};
  pid_t child = 0;
  const int error = posix_spawn(&child, "/bin/sh", &actions, &attributes,
                                const_cast<char* const*>(argv), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  close(life[0]);
  close(said[1]);
  const std::string answer = error == 0 ? ReadLine(said[0]) : "";
  close(said[0]);
  if (!absl::StartsWith(answer, "ready ")) {
    std::fprintf(stderr, "No PostgreSQL for the tests: %s\n", answer.c_str());
    close(life[1]);
    return "";
  }
  return absl::StrCat("host=", answer.substr(6), " user=postgres dbname=postgres");
}

const std::string& Cluster() {
  static const std::string connection = [] {
    const char* given = std::getenv("VECHE_TEST_POSTGRES");
    return given != nullptr && *given != '\0' ? std::string(given) : StartCluster();
  }();
  return connection;
}

std::unique_ptr<Database> OrDie(absl::StatusOr<std::unique_ptr<Database>> database) {
  if (!database.ok()) {
    std::fprintf(stderr, "%s\n", database.status().ToString().c_str());
    std::abort();
  }
  return *std::move(database);
}

// A schema of its own is as good as a database and much sooner there.
std::unique_ptr<Database> OpenInSchema() {
  static std::atomic<int> schemas = 0;
  if (Cluster().empty()) return nullptr;
  return OrDie(OpenPostgres(
      {.connection = Cluster(), .schema = absl::StrCat("test_", getpid(), "_", ++schemas)}));
}

}  // namespace

std::unique_ptr<Database> OpenInMemory() { return OrDie(OpenSqlite({.path = ":memory:"})); }

std::vector<TestEngine> Engines() { return {{"Sqlite", OpenInMemory}, {"Postgres", OpenInSchema}}; }

}  // namespace veche::sql::testing
