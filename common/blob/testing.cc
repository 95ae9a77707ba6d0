#include "common/blob/testing.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

extern char** environ;

namespace veche::blob {
namespace {

std::string ReadLine(int fd) {
  std::string line;
  char c;
  while (read(fd, &c, 1) == 1 && c != '\n') line.push_back(c);
  return line;
}

// The port of a server that ends with this process, 0 when it does not start.
int StartNode(const std::string& script, const std::string& folder) {
  int life[2];  // never written to: the pipe closes when this process ends
  int said[2];
  if (pipe2(life, O_CLOEXEC) != 0 || pipe2(said, O_CLOEXEC) != 0) return 0;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, life[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, said[1], STDOUT_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  const char* argv[] = {"node", script.c_str(), folder.c_str(), nullptr};
  pid_t child = 0;
  const int error =
      posix_spawnp(&child, "node", &actions, nullptr, const_cast<char* const*>(argv), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(life[0]);
  close(said[1]);
  int port = 0;
  if (error != 0 || !absl::SimpleAtoi(ReadLine(said[0]), &port)) port = 0;
  close(said[0]);
  return port;
}

}  // namespace

const S3TestServer* S3TestServer::Start() {
  const char* source = std::getenv("VECHE_SOURCE_DIR");
  const std::filesystem::path tests = std::filesystem::path(source ? source : ".") / "tests/s3";
  if (!std::filesystem::exists(tests / "node_modules/s3rver")) return nullptr;
  const std::filesystem::path folder = NewTestFolder();
  const int port = StartNode(tests / "serve.js", folder);
  if (port == 0) {
    std::fprintf(stderr, "tests/s3/serve.js does not start.\n");
    std::abort();
  }
  std::atexit([] { std::filesystem::remove_all(Get()->folder_); });
  return new S3TestServer(absl::StrCat("http://127.0.0.1:", port), folder);
}

const S3TestServer* S3TestServer::Get() {
  static const S3TestServer* server = Start();
  return server;
}

S3Options S3TestServer::NewOptions() const {
  static std::atomic<int> stores = 0;
  return {.url = url_,
          .bucket = "veche",
          .prefix = absl::StrCat("store", ++stores, "/"),
          .key_id = "S3RVER",
          .secret = "S3RVER",
          .spool = folder_ / "uploads"};
}

std::filesystem::path S3TestServer::FileOf(absl::string_view name) const {
  return folder_ / "veche" / absl::StrCat(name, "._S3rver_object");
}

std::filesystem::path NewTestFolder() {
  std::string pattern = ::testing::TempDir() + "/blobXXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) std::abort();
  return pattern;
}

void MakeOld(const std::filesystem::path& file) {
  const timespec old = absl::ToTimespec(absl::Now() - absl::Hours(48));
  const timespec times[2] = {old, old};
  ASSERT_EQ(utimensat(AT_FDCWD, file.c_str(), times, 0), 0) << file;
}

}  // namespace veche::blob
