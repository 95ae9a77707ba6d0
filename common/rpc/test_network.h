#pragma once

#include <atomic>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/mutex.h"

// Networks that tests can break. For tests only.

namespace veche::rpc::testing {

// Forwards TCP connections to a port of 127.0.0.1. Frozen, it keeps all connections open and
// forwards nothing, like a process after SIGSTOP.
class FreezableProxy {
 public:
  explicit FreezableProxy(int target_port);
  ~FreezableProxy();
  int port() const { return port_; }
  void Freeze() { frozen_ = true; }

 private:
  void Run();

  const int target_port_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> frozen_ = false;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

// Answers DNS questions for IPv4 addresses (RFC 1035) with the present addresses, whatever the
// name.
class TestDns {
 public:
  TestDns();
  ~TestDns();
  int port() const { return port_; }
  void Set(std::vector<std::string> addresses);

 private:
  void Run();
  std::string Answer(const std::string& question);

  int socket_ = -1;
  int port_ = 0;
  absl::Mutex mutex_;
  std::vector<std::string> addresses_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace veche::rpc::testing
