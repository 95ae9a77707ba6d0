#include <boost/asio/dispatch.hpp>
#include <utility>

#include "common/http/connection.h"

namespace veche::http {

template <typename Action>
void ConnectionExchange::Run(Action action) {
  boost::asio::dispatch(executor_,
                        [self = shared_from_this(), action = std::move(action)]() mutable {
                          // A copy, as the action may end the exchange.
                          if (const auto connection = self->connection_) action(*connection);
                        });
}

void ConnectionExchange::Continue(std::function<void()> next) {
  Run([next = std::move(next)](Connection& connection) { connection.Continue(next); });
}

void ConnectionExchange::ReadBody(int64_t limit, std::function<void()> done) {
  if (!connection_ || body_ != Body::kUnwanted) return;
  body_ = Body::kWhole;
  body_limit_ = limit;
  body_done_ = std::move(done);
  const auto connection = connection_;
  connection->WantBody();
}

void ConnectionExchange::StreamBody(int64_t limit, std::shared_ptr<BodySink> sink) {
  if (!connection_ || body_ != Body::kUnwanted) return;
  body_ = Body::kStream;
  body_limit_ = limit;
  sink_ = std::move(sink);
  const auto connection = connection_;
  connection->WantBody();
}

void ConnectionExchange::ResumeBody() {
  Run([](Connection& connection) { connection.ResumeBody(); });
}

void ConnectionExchange::Send(Response response) {
  Run([response = std::move(response)](Connection& connection) mutable {
    connection.Respond(std::move(response), /*streaming=*/false);
  });
}

void ConnectionExchange::Start(Response head) {
  Run([head = std::move(head)](Connection& connection) mutable {
    connection.Respond(std::move(head), /*streaming=*/true);
  });
}

void ConnectionExchange::Write(std::string piece, std::function<void()> written) {
  Run([piece = std::move(piece), written = std::move(written)](Connection& connection) mutable {
    connection.WritePiece(std::move(piece), std::move(written));
  });
}

void ConnectionExchange::Finish() {
  Run([](Connection& connection) { connection.FinishStream(); });
}

void ConnectionExchange::Abort() {
  Run([](Connection& connection) { connection.Close(); });
}

void ConnectionExchange::OnClose(std::function<void()> closed) {
  boost::asio::dispatch(executor_, [self = shared_from_this(), closed = std::move(closed)] {
    if (self->connection_) {
      self->closed_.push_back(closed);
    } else if (self->left_) {
      closed();
    }
  });
}

void ConnectionExchange::OnDrain(std::function<void()> drain) {
  Run([self = shared_from_this(), drain = std::move(drain)](Connection& connection) {
    if (connection.worker().draining) return drain();
    self->drain_.push_back(drain);
  });
}

void ConnectionExchange::OnTick(std::function<void(absl::Duration)> tick) {
  Run([self = shared_from_this(), tick = std::move(tick)](Connection&) { self->tick_ = tick; });
}

void ConnectionExchange::End(bool client_left) {
  left_ = client_left;
  const auto closed = std::exchange(closed_, {});
  drain_.clear();
  // These may own objects that own this exchange: break the cycle.
  const auto sink = std::exchange(sink_, nullptr);
  const auto done = std::exchange(body_done_, nullptr);
  const auto tick = std::exchange(tick_, nullptr);
  const auto connection = std::exchange(connection_, nullptr);
  if (!client_left) return;
  for (const auto& callback : closed) callback();
}

}  // namespace veche::http
