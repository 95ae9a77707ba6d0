#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

// What passes between the HTTP server and the handler behind it; knows neither Beast nor gRPC.

namespace veche::http {

// A request's head, and its body once it is there.
class Request {
 public:
  std::string method;          // "GET"
  std::string target;          // as sent: "/v1/appeals?pageSize=2"
  std::string address;         // of the client, without port
  std::string body;            // after Exchange::ReadBody
  int64_t content_length = 0;  // -1: not said (chunked)

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
  absl::string_view content_type;  // of a static string; "" for none
  std::string headers;             // further lines, each ending in CRLF
  std::string body;
  // Instead of `body`: bytes that `owner` keeps alive.
  std::shared_ptr<const void> owner;
  absl::string_view shared_body;

  absl::string_view content() const { return owner ? shared_body : absl::string_view(body); }
  void Add(absl::string_view name, absl::string_view value);
};

// Why the server refuses what a client sent, before the handler has seen it all.
struct Refusal {
  int status;                   // 400, 408, 413, 431, 503
  absl::string_view reason;     // "BODY_TOO_LARGE"
  absl::string_view text = {};  // the id of its text where that is not the reason
};

// Takes a request's body piece by piece, on the I/O thread.
class BodySink {
 public:
  virtual ~BodySink() = default;
  // Nothing more is read until Exchange::ResumeBody.
  virtual void OnBody(absl::string_view piece) = 0;
  virtual void OnBodyEnd() = 0;
  // The body is larger than allowed, or its framing is broken: answer with it. The client's leaving
  // comes as OnClose.
  virtual void OnBodyRefused(const Refusal& refusal) = 0;
};

// One request and its answer. Thread-safe but for what says otherwise; everything is ignored once
// the client has left. Exactly one of Send or Start … Finish/Abort ends it.
class Exchange {
 public:
  virtual ~Exchange() = default;

  const Request& request() const { return request_; }

  // Within Handle only. The body is read whole into request().body, then `done` runs on the I/O
  // thread; a larger one is refused (413) without it.
  virtual void ReadBody(int64_t limit, std::function<void()> done) = 0;
  // Within Handle only. `sink` lives until the exchange is over.
  virtual void StreamBody(int64_t limit, std::shared_ptr<BodySink> sink) = 0;
  virtual void ResumeBody() = 0;

  // The whole answer.
  virtual void Send(Response response) = 0;

  // An answer in pieces, chunked.
  virtual void Start(Response head) = 0;
  // `written` runs on the I/O thread when the client has taken it (not when it has left).
  virtual void Write(std::string piece, std::function<void()> written) = 0;
  virtual void Finish() = 0;
  // Breaks the connection, so that the client sees that the answer is not whole.
  virtual void Abort() = 0;

  // `closed` runs once when the client leaves before the answer's end; at once when it has left.
  virtual void OnClose(std::function<void()> closed) = 0;
  // `drain` runs when the server stops, for answers that have no end of their own.
  virtual void OnDrain(std::function<void()> drain) = 0;
  // Runs `tick` on the I/O thread now and then (a few times a second) until the end.
  virtual void OnTick(std::function<void(absl::Duration since_write)> tick) = 0;

 protected:
  Request request_;
};
using ExchangePtr = std::shared_ptr<Exchange>;

class Handler {
 public:
  virtual ~Handler() = default;
  // Called on an I/O thread when a request's head is there; must not block. A body that is not
  // asked for (ReadBody, StreamBody) ends the connection after the answer.
  virtual void Handle(ExchangePtr exchange) = 0;
  // The answer to a refused request.
  virtual Response Refuse(const Refusal& refusal) = 0;
  // A connection was opened (+1) or closed (-1).
  virtual void OnConnections(int change) {}
};

}  // namespace veche::http
