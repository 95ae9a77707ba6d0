#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

// The interface between the HTTP server and its handler; independent of Beast and gRPC.

namespace veche::http {

// A request's head, and its body once it has been read.
class Request {
 public:
  std::string method;          // "GET"
  std::string target;          // as sent: "/v1/appeals?pageSize=2"
  std::string address;         // of the client, without port
  std::string body;            // after Exchange::ReadBody
  int64_t content_length = 0;  // -1: unknown (chunked)

  bool has_body() const { return content_length != 0; }
  // The value of the first header of the name (any case), "" when there is none.
  absl::string_view Header(absl::string_view name) const;
  // The values of all headers of the name, joined by commas as one (RFC 9110, 5.3).
  std::string JoinedHeader(absl::string_view name) const;
  bool HasHeader(absl::string_view name) const;
  void AddHeader(absl::string_view name, absl::string_view value);
  size_t header_count() const { return headers_.size(); }

 private:
  struct Span {
    uint32_t name, name_size, value, value_size;
  };
  std::string text_;
  std::vector<Span> headers_;
};

// An answer. The server adds Date, Content-Length, Connection and the security headers.
struct Response {
  int status = 200;
  absl::string_view content_type;  // points to a static string; "" for none
  std::string headers;             // further lines, each ending in CRLF
  std::string body;
  // Used instead of `body` when `owner` is set: bytes that `owner` keeps alive.
  std::shared_ptr<const void> owner;
  absl::string_view shared_body;

  absl::string_view content() const { return owner ? shared_body : absl::string_view(body); }
  void Add(absl::string_view name, absl::string_view value);
};

// Why the server refuses a request, before the handler has received all of it.
struct Refusal {
  int status;                   // 400, 408, 413, 431, 503
  absl::string_view reason;     // "BODY_TOO_LARGE"
  absl::string_view text = {};  // the id of its text if that is not the reason
};

// Receives a request's body piece by piece, on the I/O thread.
class BodySink {
 public:
  virtual ~BodySink() = default;
  // No further piece is read until Exchange::ResumeBody.
  virtual void OnBody(absl::string_view piece) = 0;
  virtual void OnBodyEnd() = 0;
  // The body is larger than allowed, or its framing is invalid: answer with `refusal`. A client
  // that leaves is reported by OnClose.
  virtual void OnBodyRefused(const Refusal& refusal) = 0;
};

// One request and its answer. Thread-safe, except for methods that say otherwise; all calls are
// ignored once the client has left. Answer by exactly one Send, or by Start, Writes, and Finish or
// Abort.
class Exchange {
 public:
  virtual ~Exchange() = default;

  const Request& request() const { return request_; }

  // Runs `next` on the I/O thread, as a part of Handle that comes later.
  virtual void Continue(std::function<void()> next) = 0;
  // Only within Handle. Reads the whole body into request().body, then runs `done` on the I/O
  // thread. A body of more than `limit` bytes is refused (413), and `done` does not run.
  virtual void ReadBody(int64_t limit, std::function<void()> done) = 0;
  // Only within Handle. Hands the body, of at most `limit` bytes, to `sink`, which is kept until
  // the exchange is over.
  virtual void StreamBody(int64_t limit, std::shared_ptr<BodySink> sink) = 0;
  virtual void ResumeBody() = 0;

  // Sends the whole answer.
  virtual void Send(Response response) = 0;

  // Begins an answer in pieces, in chunked coding.
  virtual void Start(Response head) = 0;
  // `written` runs on the I/O thread when the piece is written; it does not run when the client has
  // left.
  virtual void Write(std::string piece, std::function<void()> written) = 0;
  virtual void Finish() = 0;
  // Closes the connection, so that the client sees that the answer is incomplete.
  virtual void Abort() = 0;

  // `closed` runs once when the client leaves before the end of the answer; at once if it has left.
  virtual void OnClose(std::function<void()> closed) = 0;
  // `drain` runs when the server stops, for answers without an end, such as event streams.
  virtual void OnDrain(std::function<void()> drain) = 0;
  // Runs `tick` on the I/O thread a few times a second until the end of the answer; `since_write`
  // is the time since the last Write.
  virtual void OnTick(std::function<void(absl::Duration since_write)> tick) = 0;

 protected:
  Request request_;
};
using ExchangePtr = std::shared_ptr<Exchange>;

class Handler {
 public:
  virtual ~Handler() = default;
  // Called on an I/O thread when a request's head has been read; must not block. If the handler
  // does not read a body (ReadBody, StreamBody), the connection is closed after the answer.
  virtual void Handle(ExchangePtr exchange) = 0;
  // Makes the answer to a refused request. Called on an I/O thread; must not block.
  virtual Response Refuse(const Refusal& refusal) = 0;
  // A connection was opened (+1) or closed (-1).
  virtual void OnConnections(int change) {}
};

}  // namespace veche::http
