#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/observe/telemetry.h"

namespace veche::redis {

struct Options {
  std::string address;        // "redis:6379", "[::1]:6379" or "unix:/run/redis/redis.sock"
  std::string user;           // "": the default user
  std::string password_file;  // read at each connect; "": no authentication
  std::string tls_ca_file;    // PEM, of the authorities of the server's certificate; "": no TLS
  int connections = 2;
  absl::Duration timeout = absl::Milliseconds(50);  // of a command, and of a connect
};

// InvalidArgument that says what is wrong with an address.
absl::Status CheckAddress(absl::string_view address);

// An answer of the server.
struct Reply {
  enum class Kind { kNil, kInteger, kText, kError, kList };  // kError: only inside a list
  Kind kind = Kind::kNil;
  int64_t integer = 0;
  std::string text;
  std::vector<Reply> list;
};

// A Lua script, which the server keeps after its first use.
class Script {
 public:
  explicit Script(std::string source);
  const std::string& source() const { return source_; }
  const std::string& sha1() const { return sha1_; }  // hexadecimal

 private:
  std::string source_;
  std::string sha1_;
};

// A client of one Redis server that never makes its callers wait for long: a command is answered
// within the timeout, and at once while the server is known to be away. The client connects in the
// background, again and again with growing pauses (100 ms to 5 s). Commands of all threads are
// pipelined. Metrics: veche_redis_connections, veche_redis_commands_total{result}. Thread-safe.
class Client {
 public:
  // Runs once, on the client's thread, or on the caller's when the server is known to be away.
  // Must not block. Unavailable: the server cannot be reached, or too many commands wait for it;
  // DeadlineExceeded; Internal: the server's own error, "NOSCRIPT No matching script".
  using Callback = std::function<void(const absl::StatusOr<Reply>&)>;

  // InvalidArgument when the address is malformed; the server need not be there.
  static absl::StatusOr<std::unique_ptr<Client>> Start(Options options,
                                                       observe::Telemetry telemetry);
  virtual ~Client() = default;  // calls Stop
  // Answers all waiting commands with Unavailable, and from now on every command. When this
  // returns, no callback runs.
  virtual void Stop() = 0;

  virtual void Command(std::vector<std::string> arguments, Callback done) = 0;
  // Runs `run` on the client's thread after `pause`, or earlier when the client stops. Call it
  // before Stop, or from a callback.
  virtual void After(absl::Duration pause, std::function<void()> run) = 0;

  // Runs a script; `script` must outlive the client.
  void Eval(const Script& script, const std::vector<std::string>& keys,
            const std::vector<std::string>& arguments, Callback done);
};

}  // namespace veche::redis
