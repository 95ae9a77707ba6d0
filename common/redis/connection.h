#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/redis/address.h"
#include "common/redis/client.h"
#include "common/redis/protocol.h"
#include "common/redis/stream.h"

namespace veche::redis {

using SteadyTime = std::chrono::steady_clock::time_point;

// One connection from its begin to its end: connects, signs in, and then carries commands, whose
// answers come in their order. Only the thread of `io` may use it.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  // `on_change` runs with OK once commands may be sent, and with the reason once the connection has
  // ended, before the waiting commands are answered with it.
  using OnChange = std::function<void(const absl::Status&)>;
  // `options` must outlive the connection; the address in it is valid.
  Connection(boost::asio::io_context& io, const Options& options, OnChange on_change);

  void Open();
  bool ready() const { return state_ == State::kReady; }
  size_t waiting() const { return waiting_.size(); }

  // The command leaves with the next Flush. When no answer comes until `deadline`, the connection
  // ends: the answers of later commands would be late too. REQUIRES: no earlier deadline than that
  // of the command before.
  void Send(const std::vector<std::string>& arguments, SteadyTime deadline, Client::Callback done);
  void Flush();
  // Does nothing when the connection has ended.
  void Close(const absl::Status& why);

 private:
  enum class State { kOpening, kReady, kClosed };
  struct Waiting {
    SteadyTime deadline;
    Client::Callback done;
  };

  void Connect(std::vector<Stream::Endpoint> endpoints, size_t next);
  void OnConnected();
  void SignIn();
  void Ping();
  void Read();
  void OnRead(size_t bytes);
  void Answer(Reply reply);
  // Ends the connection when the deadline passes.
  void Watch(SteadyTime deadline);

  boost::asio::io_context& io_;
  const Options& options_;
  const OnChange on_change_;
  State state_ = State::kOpening;
  std::unique_ptr<Stream> stream_;
  Resolver resolver_;
  boost::asio::steady_timer timer_;
  ReplyReader reader_;
  std::string outgoing_;  // not sent yet
  std::string sending_;   // being sent
  std::vector<char> incoming_;
  std::deque<Waiting> waiting_;  // in the order of the commands
};

}  // namespace veche::redis
