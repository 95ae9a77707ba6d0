#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"

namespace veche::redis::testing {

// A TCP port of 127.0.0.1 that nobody uses at present.
int FreePort();

// A real redis-server in a folder of its own, which ends with this process however it ends. Aborts
// when it cannot be started.
class Server {
 public:
  // `settings`: further arguments, {"--maxmemory", "2mb"}.
  explicit Server(std::vector<std::string> settings = {});
  ~Server();

  std::string address() const;  // "unix:/tmp/…/redis.sock"
  const std::string& folder() const { return folder_; }
  void Start();     // REQUIRES: it does not run
  void Kill();      // as by kill -9
  void Freeze();    // SIGSTOP
  void Continue();  // SIGCONT

 private:
  const std::vector<std::string> settings_;
  std::string folder_;
  int life_ = -1;  // the server ends when this pipe closes
  pid_t server_ = 0;
  pid_t keeper_ = 0;
};

// Listens where a Redis server should, and answers whatever `answer` says to the bytes that came;
// nullopt closes the connection. `answer` is called on many threads.
class FakeServer {
 public:
  using Answer = std::function<std::optional<std::string>(absl::string_view bytes)>;
  explicit FakeServer(Answer answer);
  ~FakeServer();
  std::string address() const;

 private:
  void Accept();
  void Serve(int connection);

  const Answer answer_;
  std::string folder_;
  int listener_ = -1;
  absl::Mutex mutex_;
  std::vector<int> connections_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::thread> serving_ ABSL_GUARDED_BY(mutex_);
  std::thread accepting_;
};

}  // namespace veche::redis::testing
