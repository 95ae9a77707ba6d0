#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/http/client_address.h"
#include "common/http/http.h"

namespace veche::http {

// A limit of zero or less means no limit.
struct ServerOptions {
  std::string address = "127.0.0.1:8080";  // port 0: any free port
  int threads = 2;
  std::string tls_certificate_file;  // PEM; with tls_key_file; both are read again when they change
  std::string tls_key_file;
  TrustedProxies trusted_proxies;  // whose X-Forwarded-For is trusted
  int header_bytes = 16 << 10;
  int connections = 10000;
  absl::Duration request_timeout = absl::Seconds(30);  // for head and body; for files, each MiB
  absl::Duration idle_timeout = absl::Seconds(75);     // between requests
  absl::Duration write_timeout = absl::Seconds(30);    // without progress of the client
  absl::Duration tick = absl::Milliseconds(200);       // the resolution of the timeouts
};

// An HTTP/1.1 server with keep-alive and pipelining: a connection's requests are handled one after
// the other; pipelined requests wait in a bounded buffer. Each connection belongs to one I/O
// thread. Thread-safe.
class Server {
 public:
  // Listens and serves; `handler` must outlive the server. Errors name the address or the file.
  static absl::StatusOr<std::unique_ptr<Server>> Start(ServerOptions options, Handler& handler);
  virtual ~Server() = default;  // closes all connections at once

  virtual int port() const = 0;
  // Serves on, but each answer ends its connection ("Connection: close"), so that clients connect
  // elsewhere.
  virtual void Leave() = 0;
  // Accepts no more connections, closes idle ones, runs OnDrain of streams, lets requests finish
  // for `patience`, then closes the remaining connections. Blocks.
  virtual void Stop(absl::Duration patience) = 0;
};

}  // namespace veche::http
