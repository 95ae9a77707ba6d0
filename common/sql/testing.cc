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

// test_cluster.sh, made by veche_embed.
absl::Span<const EmbeddedFile> ClusterScript();

namespace {

std::string ReadLine(int fd) {
  std::string line;
  char c;
  while (read(fd, &c, 1) == 1 && c != '\n') line.push_back(c);
  return line;
}

// Connection string of a cluster of this process, "" when there is none.
std::string StartCluster() {
  int life[2];  // never written to: the pipe closes when this process ends
  int said[2];
  if (pipe2(life, O_CLOEXEC) != 0 || pipe2(said, O_CLOEXEC) != 0) return "";
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, life[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, said[1], STDOUT_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);  // keeps Ctrl-C from the cluster
  const std::string script(ClusterScript()[0].content);
  const char* argv[] = {"sh", "-c", script.c_str(), nullptr};
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

// A new schema isolates as well as a new database and is created much faster.
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
