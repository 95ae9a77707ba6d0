#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

// Requests to servers of others: push services, webhooks, providers of SMS, stores of files.

namespace veche::http_client {

struct Request {
  std::string method = "GET";  // GET, HEAD or DELETE; POST and PUT send `body`, also an empty one
  std::string url;             // https, or http where the options allow it
  std::vector<std::pair<std::string, std::string>> headers;  // name, value; printable
  std::string body;
  absl::Duration timeout = absl::Seconds(10);  // from Send to the end of the answer
};

struct Response {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;
  // The value of the first header of the name (lower case), "" when there is none.
  absl::string_view Header(absl::string_view name) const;
};

// Signs requests by AWS Signature Version 4, without the body: a request whose body matters has the
// header x-amz-content-sha256. The parameters in URLs must be in order and encoded.
struct AwsSignature {
  std::string region;   // "us-east-1"
  std::string service;  // "s3"
  std::string key_id;
  std::string secret;
};

struct Options {
  std::string ca_file;             // PEM of accepted authorities; empty: those of the system
  bool private_addresses = false;  // whether to connect to addresses that are not IsPublic
  bool plain_http = false;         // whether to accept http URLs
  size_t most_answer_bytes = size_t{64} << 10;  // of headers and body together
  int concurrency = 100;                        // requests at once
  int per_host = 20;                            // connections to one host at once
  int kept_connections = 100;                   // that stay open between requests
  size_t waiting = 10'000;                      // requests that wait for one of these
  absl::Duration connect_timeout = absl::Seconds(5);
  std::optional<AwsSignature> signature;  // of all requests
};

// An HTTP client over libcurl (HTTP/1.1 and HTTP/2): one thread, connections that are kept open and
// shared by requests to the same host. A server can be given by strangers: the client connects to
// public addresses only, which it checks when a connection is opened and not when a name is looked
// up; it follows no redirects, uses no proxy, verifies certificates, and bounds the answer.
//
// Any status of the server is an answer. Errors, none of which contains the URL:
//   InvalidArgument    the URL, the method or a header cannot be sent
//   PermissionDenied   the host has an address that is not public
//   DeadlineExceeded   no whole answer within the timeout
//   OutOfRange         the answer is too large
//   ResourceExhausted  too many requests wait; nothing was sent
//   Unavailable        no connection, no valid certificate, a broken answer
//   Cancelled          the client is being destroyed
// After DeadlineExceeded, OutOfRange, Unavailable and Cancelled the server may have received the
// request. Thread-safe.
class Client {
 public:
  using Done = std::function<void(absl::StatusOr<Response>)>;

  // FailedPrecondition when libcurl cannot be used or `ca_file` cannot be read.
  static absl::StatusOr<std::unique_ptr<Client>> Create(Options options);
  // Ends all requests with Cancelled.
  virtual ~Client() = default;

  // Sends a request. `done` runs once, on the client's thread or on the caller's; it must be quick,
  // must not throw, and may call Send.
  virtual void Send(Request request, Done done) = 0;
  // Sends a request and waits for the answer. Not to be called from a `done`.
  absl::StatusOr<Response> Fetch(Request request);
};

}  // namespace veche::http_client
