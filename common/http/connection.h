#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "common/http/parser.h"
#include "common/http/server.h"
#include "common/http/transport.h"

// Internal to http_server.cc and http_connection.cc.

namespace veche::http {

using SteadyTime = std::chrono::steady_clock::time_point;

class Connection;
class ConnectionExchange;

// The state that all connections of a server share.
struct ServerState {
  ServerOptions options;
  Handler& handler;
  bool tls = false;
  std::atomic<int> connections{0};
};

// An I/O thread with its connections; only this thread uses the members.
struct Worker {
  explicit Worker(ServerState& server) : server(server), ticker(io) {}

  ServerState& server;
  boost::asio::io_context io{1};
  boost::asio::steady_timer ticker;
  absl::flat_hash_set<std::shared_ptr<Connection>> connections;
  SteadyTime now = std::chrono::steady_clock::now();
  std::string date_line;
  bool leaving = false;   // each answer ends its connection
  bool draining = false;  // the server stops

  void Tick();
};

// Received bytes that are not parsed yet. Grows up to the capacity that a caller asks for.
class ReadBuffer {
 public:
  absl::string_view data() const { return {bytes_.data() + begin_, end_ - begin_}; }
  size_t size() const { return end_ - begin_; }
  void Consume(size_t bytes) { begin_ += bytes; }
  // Free space of at least one byte; the buffer then holds at most `capacity` bytes in all.
  boost::asio::mutable_buffer Prepare(size_t capacity);
  void Commit(size_t bytes) { end_ += bytes; }
  void Shrink();

 private:
  std::vector<char> bytes_;
  size_t begin_ = 0;
  size_t end_ = 0;
};

// A client connection: reads requests, one at a time, and writes their answers. Only its I/O thread
// uses it.
class Connection final : public Transport::Owner {
 public:
  Connection(Worker& worker, std::unique_ptr<Transport> transport, std::string address);

  void Start();
  void OnTick();  // applies the timeouts
  void BeginDrain();
  void Close();  // at once

  void OnHandshake(Transport::Error error) override;
  void OnRead(Transport::Error error, size_t bytes) override;
  void OnWritten(Transport::Error error, size_t bytes) override;

  // Called by the exchange, on the I/O thread.
  void Continue(const std::function<void()>& next);
  void WantBody();
  void ResumeBody();
  void Respond(Response response, bool streaming);
  void WritePiece(std::string piece, std::function<void()> written);
  void FinishStream();
  Worker& worker() { return worker_; }
  std::shared_ptr<Connection> self() {
    return std::static_pointer_cast<Connection>(shared_from_this());
  }

 private:
  enum class Phase { kHandshake, kHead, kHandling, kBody, kLingering, kClosed };
  struct Output {
    std::string head = {};
    std::string body = {};
    std::shared_ptr<const void> owner = {};
    absl::string_view shared = {};
    std::function<void()> written = {};
    absl::string_view content() const { return owner ? shared : absl::string_view(body); }
  };

  void Pump();
  bool PumpHead();  // true: continue
  bool PumpBody();
  void OnHead();
  bool TakePiece(absl::string_view piece);  // false: refused
  void OnBodyDone();
  void Refuse(const Refusal& refusal);
  void NewRequest();
  void EndResponse();
  void StartRead();
  void Flush();
  void Advance(size_t bytes);
  void BeginLinger();
  std::string Head(const Response& response, bool streaming);
  void SetDeadline(absl::Duration delay);

  Worker& worker_;
  std::unique_ptr<Transport> transport_;
  const std::string address_;
  Phase phase_ = Phase::kHandshake;
  ReadBuffer input_;
  bool reading_ = false;
  bool pumping_ = false;
  bool body_paused_ = false;
  int64_t body_received_ = 0;

  std::shared_ptr<ConnectionExchange> exchange_;
  std::optional<RequestParser> parser_;
  bool keep_alive_ = true;
  bool chunked_ = false;
  bool response_begun_ = false;
  bool response_ended_ = false;

  std::deque<Output> output_;
  size_t output_done_ = 0;  // written bytes of the first one
  bool writing_ = false;
  bool flushing_ = false;
  SteadyTime deadline_ = SteadyTime::max();
  SteadyTime write_deadline_ = SteadyTime::max();
  SteadyTime last_write_;
};

// The Exchange of a connection's current request. It outlives the connection if other parts hold
// it.
class ConnectionExchange final : public Exchange,
                                 public std::enable_shared_from_this<ConnectionExchange> {
 public:
  explicit ConnectionExchange(std::shared_ptr<Connection> connection)
      : connection_(std::move(connection)), executor_(connection_->worker().io.get_executor()) {}

  void Continue(std::function<void()> next) override;
  void ReadBody(int64_t limit, std::function<void()> done) override;
  void StreamBody(int64_t limit, std::shared_ptr<BodySink> sink) override;
  void ResumeBody() override;
  void Send(Response response) override;
  void Start(Response head) override;
  void Write(std::string piece, std::function<void()> written) override;
  void Finish() override;
  void Abort() override;
  void OnClose(std::function<void()> closed) override;
  void OnDrain(std::function<void()> drain) override;
  void OnTick(std::function<void(absl::Duration)> tick) override;

 private:
  friend class Connection;
  enum class Body { kUnwanted, kWhole, kStream };

  // Runs `action(connection)` on the I/O thread unless the exchange is over.
  template <typename Action>
  void Run(Action action);
  void End(bool client_left);
  Request& mutable_request() { return request_; }

  // Only the I/O thread uses the following members.
  std::shared_ptr<Connection> connection_;  // null when over
  boost::asio::io_context::executor_type executor_;
  bool left_ = false;
  Body body_ = Body::kUnwanted;
  int64_t body_limit_ = 0;
  std::function<void()> body_done_;
  std::shared_ptr<BodySink> sink_;
  std::vector<std::function<void()>> closed_;
  std::vector<std::function<void()>> drain_;
  std::function<void(absl::Duration)> tick_;
};

}  // namespace veche::http
