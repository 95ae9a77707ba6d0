#include "common/redis/testing.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/types/span.h"
#include "common/base/embedded_file.h"

extern char** environ;

namespace veche::redis::testing {

// test_server.sh, made by veche_embed.
absl::Span<const EmbeddedFile> ServerScript();

namespace {

std::string NewFolder() {
  std::string folder = (std::filesystem::temp_directory_path() / "veche-redis-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) std::abort();
  return folder;
}

[[noreturn]] void Die(absl::string_view why) {
  std::fprintf(stderr, "No Redis for the tests: %.*s\n", static_cast<int>(why.size()), why.data());
  std::abort();
}

pid_t ReadPid(int fd) {
  std::string line;
  char c;
  while (read(fd, &c, 1) == 1 && c != '\n') line.push_back(c);
  int pid = 0;
  return absl::SimpleAtoi(line, &pid) ? pid : 0;
}

}  // namespace

int FreePort() {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    Die("no port");
  }
  close(fd);
  return ntohs(address.sin_port);
}

Server::Server(std::vector<std::string> settings)
    : settings_(std::move(settings)), folder_(NewFolder()) {
  Start();
}

Server::~Server() {
  if (keeper_ != 0) Kill();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string Server::address() const { return absl::StrCat("unix:", folder_, "/redis.sock"); }

void Server::Start() {
  int life[2];
  int said[2];
  if (pipe2(life, O_CLOEXEC) != 0 || pipe2(said, O_CLOEXEC) != 0) Die("no pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, life[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, said[1], STDOUT_FILENO);
  const std::string script(ServerScript()[0].content);
  const std::string settings = absl::StrJoin(settings_, " ");
  const char* argv[] = {"sh",   "-c", script.c_str(), "sh", folder_.c_str(), settings.c_str(),
                        nullptr};
  const int error =
      posix_spawn(&keeper_, "/bin/sh", &actions, nullptr, const_cast<char* const*>(argv), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(life[0]);
  close(said[1]);
  life_ = life[1];
  server_ = error == 0 ? ReadPid(said[0]) : 0;
  close(said[0]);
  if (server_ == 0) Die(absl::StrCat("see ", folder_, "/redis.log"));
}

void Server::Kill() {
  close(life_);
  waitpid(keeper_, nullptr, 0);
  keeper_ = 0;
}

void Server::Freeze() { kill(server_, SIGSTOP); }
void Server::Continue() { kill(server_, SIGCONT); }

FakeServer::FakeServer(Answer answer) : answer_(std::move(answer)), folder_(NewFolder()) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, absl::StrCat(folder_, "/redis.sock").c_str(),
               sizeof(address.sun_path) - 1);
  listener_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 ||
      listen(listener_, 16) != 0) {
    Die("no socket");
  }
  accepting_ = std::thread([this] { Accept(); });
}

FakeServer::~FakeServer() {
  shutdown(listener_, SHUT_RDWR);
  accepting_.join();
  std::vector<std::thread> serving;
  {
    absl::MutexLock lock(&mutex_);
    for (const int connection : connections_) shutdown(connection, SHUT_RDWR);
    serving.swap(serving_);
  }
  for (std::thread& thread : serving) thread.join();
  close(listener_);
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string FakeServer::address() const { return absl::StrCat("unix:", folder_, "/redis.sock"); }

void FakeServer::Accept() {
  for (int connection; (connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
    absl::MutexLock lock(&mutex_);
    connections_.push_back(connection);
    serving_.emplace_back([this, connection] { Serve(connection); });
  }
}

void FakeServer::Serve(int connection) {
  char bytes[4096];
  for (ssize_t size; (size = read(connection, bytes, sizeof(bytes))) > 0;) {
    const std::optional<std::string> answer = answer_({bytes, static_cast<size_t>(size)});
    if (!answer || send(connection, answer->data(), answer->size(), MSG_NOSIGNAL) < 0) break;
  }
  absl::MutexLock lock(&mutex_);
  std::erase(connections_, connection);
  close(connection);
}

}  // namespace veche::redis::testing
