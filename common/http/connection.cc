#include "common/http/connection.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/beast/http/error.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/http/text.h"

namespace veche::http {
namespace {

namespace asio = boost::asio;
namespace beast_http = boost::beast::http;

// Bytes that may wait while a request is handled: pipelined requests, or a body that the handler
// has not asked for yet.
constexpr size_t kReadAhead = 64 << 10;
constexpr size_t kIdleBuffer = 4 << 10;
constexpr absl::Duration kLinger = absl::Seconds(2);
constexpr absl::Duration kLingerAtStop = absl::Milliseconds(200);
constexpr int64_t kDeadlineStep = 1 << 20;

Refusal FromParseError(const Transport::Error& error) {
  if (error == beast_http::error::header_limit) {
    return {431, "HEADER_TOO_LARGE"};
  }
  if (error == beast_http::error::bad_version) {
    return {505, "HTTP_VERSION_NOT_SUPPORTED"};
  }
  return {400, "BROKEN_REQUEST"};
}

}  // namespace

asio::mutable_buffer ReadBuffer::Prepare(size_t capacity) {
  if (begin_ == end_) {
    begin_ = end_ = 0;
  } else if (begin_ > 0) {
    std::copy(bytes_.begin() + begin_, bytes_.begin() + end_, bytes_.begin());
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ == bytes_.size() || bytes_.empty()) {
    bytes_.resize(std::min(capacity, std::max(kIdleBuffer, 2 * bytes_.size())));
  }
  return {bytes_.data() + end_, bytes_.size() - end_};
}

void ReadBuffer::Shrink() {
  if (begin_ == end_ && bytes_.size() > kIdleBuffer) {
    begin_ = end_ = 0;
    std::vector<char>().swap(bytes_);
  }
}

Connection::Connection(Worker& worker, std::unique_ptr<Transport> transport, std::string address)
    : worker_(worker), transport_(std::move(transport)), address_(std::move(address)) {
  worker_.server.connections.fetch_add(1, std::memory_order_relaxed);
  worker_.server.handler.OnConnections(1);
}

void Connection::Start() {
  SetDeadline(worker_.server.options.request_timeout);
  transport_->Handshake(*this);
}

void Connection::OnHandshake(Transport::Error error) {
  if (phase_ == Phase::kClosed) return;
  if (error) return Close();
  phase_ = Phase::kHead;
  const int limit = worker_.server.options.connections;
  if (limit > 0 && worker_.server.connections.load(std::memory_order_relaxed) > limit) {
    NewRequest();
    return Refuse({503, "TOO_MANY_CONNECTIONS"});
  }
  Pump();
}

void Connection::NewRequest() {
  exchange_ = std::make_shared<ConnectionExchange>(self());
  exchange_->mutable_request().address = address_;
  const int header_bytes = worker_.server.options.header_bytes;
  parser_.emplace(exchange_->mutable_request(), header_bytes > 0 ? header_bytes : 1 << 30);
  keep_alive_ = true;
  chunked_ = true;
  response_begun_ = response_ended_ = false;
  body_paused_ = false;
  body_received_ = 0;
  SetDeadline(worker_.server.options.request_timeout);
}

void Connection::Pump() {
  if (pumping_) return;  // called from the loop below, which continues
  const auto keep = shared_from_this();
  pumping_ = true;
  for (bool more = true; more;) {
    if (phase_ == Phase::kHead) {
      more = PumpHead();
    } else if (phase_ == Phase::kBody) {
      more = PumpBody();
    } else {
      more = false;
    }
  }
  pumping_ = false;
  StartRead();
}

bool Connection::PumpHead() {
  if (!parser_) {
    while (input_.size() > 0 && (input_.data()[0] == '\r' || input_.data()[0] == '\n')) {
      input_.Consume(1);  // an empty line before a request (RFC 9112, 2.2)
    }
    if (input_.size() == 0) return false;
    NewRequest();
  }
  Transport::Error error;
  input_.Consume(parser_->put(asio::const_buffer(input_.data().data(), input_.size()), error));
  if (error == beast_http::error::need_more) return false;
  if (error) {
    Refuse(FromParseError(error));
    return true;
  }
  if (!parser_->is_header_done()) return false;
  OnHead();
  return true;
}

void Connection::OnHead() {
  keep_alive_ = parser_->keep_alive();
  chunked_ = parser_->version() >= 11;
  if (chunked_ && !exchange_->request().HasHeader("host")) {
    return Refuse({400, "BROKEN_REQUEST", "HOST_MISSING"});
  }
  if (const TrustedProxies& proxies = worker_.server.options.trusted_proxies; !proxies.empty()) {
    Request& request = exchange_->mutable_request();
    request.address = proxies.ClientOf(address_, request.JoinedHeader("x-forwarded-for"));
  }
  phase_ = Phase::kHandling;
  const SteadyTime request_deadline = std::exchange(deadline_, SteadyTime::max());
  const auto exchange = exchange_;  // Handle may end the exchange
  worker_.server.handler.Handle(exchange);
  if (phase_ == Phase::kBody) deadline_ = request_deadline;
}

void Connection::Continue(const std::function<void()>& next) {
  next();
  if (phase_ == Phase::kBody) SetDeadline(worker_.server.options.request_timeout);
  Pump();
}

void Connection::WantBody() {
  if (parser_->is_done()) return OnBodyDone();
  const int64_t limit = exchange_->body_limit_;
  if (limit > 0 && exchange_->request().content_length > limit) {
    return Refuse({413, "BODY_TOO_LARGE"});
  }
  phase_ = Phase::kBody;
  if (parser_->expects_continue() && input_.size() == 0) {
    output_.push_back({.head = "HTTP/1.1 100 Continue\r\n\r\n"});
    Flush();
  }
}

bool Connection::PumpBody() {
  if (body_paused_ || input_.size() == 0) return false;
  Transport::Error error;
  const size_t used = parser_->put(asio::const_buffer(input_.data().data(), input_.size()), error);
  const absl::string_view piece = parser_->TakePiece();
  if (error && error != beast_http::error::need_more) {
    Refuse({400, "BROKEN_REQUEST", "BODY_FRAMING"});
    return true;
  }
  const bool done = parser_->is_done();
  input_.Consume(used);  // the piece's bytes stay where they are until the next read
  if (!piece.empty() && !TakePiece(piece)) return true;
  // The sink may have answered already, which ends the request.
  if (phase_ != Phase::kBody) return true;
  if (done) {
    phase_ = Phase::kHandling;
    deadline_ = SteadyTime::max();
    OnBodyDone();
    return true;
  }
  return !error;
}

bool Connection::TakePiece(absl::string_view piece) {
  const int64_t before = body_received_;
  body_received_ += static_cast<int64_t>(piece.size());
  if (exchange_->body_limit_ > 0 && body_received_ > exchange_->body_limit_) {
    Refuse({413, "BODY_TOO_LARGE"});
    return false;
  }
  if (exchange_->body_ == ConnectionExchange::Body::kWhole) {
    exchange_->mutable_request().body.append(piece.data(), piece.size());
    return true;
  }
  if (before / kDeadlineStep != body_received_ / kDeadlineStep) {
    SetDeadline(worker_.server.options.request_timeout);
  }
  body_paused_ = true;
  const auto sink = exchange_->sink_;
  sink->OnBody(piece);
  return true;
}

void Connection::OnBodyDone() {
  const auto exchange = exchange_;
  if (exchange->body_ == ConnectionExchange::Body::kStream) {
    const auto sink = exchange->sink_;
    sink->OnBodyEnd();
  } else if (auto done = std::exchange(exchange->body_done_, nullptr)) {
    done();
  }
}

void Connection::ResumeBody() {
  body_paused_ = false;
  if (phase_ == Phase::kBody) Pump();
}

void Connection::Refuse(const Refusal& refusal) {
  if (phase_ == Phase::kClosed || exchange_ == nullptr) return;
  keep_alive_ = false;
  phase_ = Phase::kHandling;
  deadline_ = SteadyTime::max();
  if (exchange_->body_ == ConnectionExchange::Body::kStream) {
    const auto sink = exchange_->sink_;
    return sink->OnBodyRefused(refusal);
  }
  Respond(worker_.server.handler.Refuse(refusal), false);
}

// Closing while the client still sends would reset the connection, and the client could lose the
// answer. So only the sending side is closed, until the client closes the connection.
void Connection::BeginLinger() {
  phase_ = Phase::kLingering;
  SetDeadline(worker_.draining ? kLingerAtStop : kLinger);
  input_.Consume(input_.size());
  transport_->ShutdownSend(*this);
  StartRead();
}

void Connection::StartRead() {
  if (reading_ || phase_ == Phase::kClosed || phase_ == Phase::kHandshake) return;
  // While a request is handled the connection keeps reading, to notice that the client has left.
  if (phase_ == Phase::kLingering) input_.Consume(input_.size());
  if (input_.size() >= kReadAhead) return;
  if (phase_ == Phase::kHead && !parser_) input_.Shrink();
  reading_ = true;
  transport_->Read(*this, input_.Prepare(kReadAhead));
}

void Connection::OnRead(Transport::Error error, size_t bytes) {
  reading_ = false;
  if (phase_ == Phase::kClosed) return;
  if (error) return Close();
  input_.Commit(bytes);
  Pump();
}

void Connection::OnTick() {
  if (worker_.now > write_deadline_) return Close();
  if (worker_.now > deadline_) {
    const bool request_begun = parser_.has_value();
    if (!request_begun || (phase_ != Phase::kHead && phase_ != Phase::kBody)) return Close();
    return Refuse({408, "REQUEST_TIMEOUT"});
  }
  if (exchange_ && exchange_->tick_) {
    const auto exchange = exchange_;
    exchange->tick_(absl::FromChrono(worker_.now - last_write_));
  }
}

void Connection::BeginDrain() {
  if (phase_ == Phase::kHead && !parser_) return Close();
  if (!exchange_) return;
  const auto keep = exchange_;
  for (auto& drain : std::exchange(keep->drain_, {})) drain();
}

void Connection::Close() {
  if (phase_ == Phase::kClosed) return;
  const auto keep = self();
  phase_ = Phase::kClosed;
  transport_->Close();
  worker_.server.connections.fetch_sub(1, std::memory_order_relaxed);
  worker_.server.handler.OnConnections(-1);
  for (Output& output : output_) output.written = nullptr;
  if (const auto exchange = std::exchange(exchange_, nullptr)) exchange->End(/*client_left=*/true);
  worker_.connections.erase(keep);
}

void Connection::SetDeadline(absl::Duration delay) {
  deadline_ = delay <= absl::ZeroDuration() ? SteadyTime::max()
                                            : worker_.now + absl::ToChronoNanoseconds(delay);
}

}  // namespace veche::http
