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

// A connection to a server on this machine through plain sockets, so that tests can violate the
// protocol. Reads time out after ten seconds.
class Client {
 public:
  explicit Client(int port);
  ~Client() { Close(); }
  Client(const Client&) = delete;

  void SendRaw(absl::string_view bytes);
  // `headers` are lines that each end in CRLF.
  void SendRequest(absl::string_view method, absl::string_view target,
                   absl::string_view headers = "", absl::string_view body = "");
  // Reads a whole answer; status 0 when the connection ends before. `head`: the answer has no body.
  ClientResponse Read(bool head = false);
  ClientResponse Request(absl::string_view method, absl::string_view target,
                         absl::string_view headers = "", absl::string_view body = "");
  ClientResponse Get(absl::string_view target, absl::string_view headers = "") {
    return Request("GET", target, headers);
  }
  // Sends `json` as application/json.
  ClientResponse Post(absl::string_view target, absl::string_view json,
                      absl::string_view headers = "", absl::string_view method = "POST");

  // For streams: the head, then the body up to and including `mark`, without the framing of chunks.
  ClientResponse ReadHead();
  std::string ReadChunksUntil(absl::string_view mark);
  // True when the server has closed the connection and everything was read.
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
