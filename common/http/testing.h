#pragma once

#include <map>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace veche::http::testing {

struct ClientResponse {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
  std::string Header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? "" : found->second;
  }
};

// One connection to a server on this machine, on bare sockets, so that tests can misbehave. Reads
// give up after ten seconds.
class Client {
 public:
  explicit Client(int port);
  ~Client() { Close(); }
  Client(const Client&) = delete;

  void SendRaw(absl::string_view bytes);
  // `headers`: lines, each ending in CRLF.
  void SendRequest(absl::string_view method, absl::string_view target,
                   absl::string_view headers = "", absl::string_view body = "");
  // A whole answer; status 0 when the connection ends before. `head`: it has no body.
  ClientResponse Read(bool head = false);
  ClientResponse Request(absl::string_view method, absl::string_view target,
                         absl::string_view headers = "", absl::string_view body = "");
  ClientResponse Get(absl::string_view target, absl::string_view headers = "") {
    return Request("GET", target, headers);
  }
  // A body as application/json.
  ClientResponse Post(absl::string_view target, absl::string_view json,
                      absl::string_view headers = "", absl::string_view method = "POST");

  // For streams: the head, then the body up to and with `mark`, without the chunks' framing.
  ClientResponse ReadHead();
  std::string ReadChunksUntil(absl::string_view mark);
  // True when the server has closed the connection and all was read.
  bool AtEnd();
  void Close();

 private:
  bool Fill();
  std::string TakeUntil(absl::string_view mark);
  std::string Take(size_t bytes);
  bool TakeChunk(std::string& body);

  int fd_ = -1;
  std::string buffer_;
  std::string chunks_;
};

}  // namespace veche::http::testing
