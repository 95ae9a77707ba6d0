#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/http/client_address.h"
#include "common/http/http.h"

namespace veche::http {

// Zero or less in a limit: none.
struct ServerOptions {
  std::string address = "127.0.0.1:8080";  // port 0: any free one
  int threads = 2;
  std::string tls_certificate_file;  // PEM; with tls_key_file
  std::string tls_key_file;
  TrustedProxies trusted_proxies;  // whose X-Forwarded-For says where a client is
  int header_bytes = 16 << 10;
  int connections = 10000;
  absl::Duration request_timeout = absl::Seconds(30);  // to send head and body; of files, each MiB
  absl::Duration idle_timeout = absl::Seconds(75);     // between requests
  absl::Duration write_timeout = absl::Seconds(30);    // without the client taking anything
  absl::Duration tick = absl::Milliseconds(200);       // how finely the above are kept
};

// An HTTP/1.1 server with keep-alive and pipelining: a connection's requests are handled one after
// the other, what came early waits in a bounded buffer. Each connection belongs to one I/O thread.
// Thread-safe.
class Server {
 public:
  // Listens and serves; `handler` must outlive it. Errors name the address or the file.
  static absl::StatusOr<std::unique_ptr<Server>> Start(ServerOptions options, Handler& handler);
  virtual ~Server() = default;  // stops without patience

  virtual int port() const = 0;
  // Takes no more connections, closes idle ones, tells streams to end, lets requests finish until
  // `patience` is over, then breaks off the rest. Blocks.
  virtual void Stop(absl::Duration patience) = 0;
};

}  // namespace veche::http
