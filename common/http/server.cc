#include "common/http/server.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/http/connection.h"
#include "common/http/text.h"
#include "common/http/tls_context.h"

namespace veche::http {

namespace asio = boost::asio;
using asio::ip::tcp;

void Worker::Tick() {
  now = std::chrono::steady_clock::now();
  date_line = absl::StrCat("Date: ", FormatDate(absl::Now()), "\r\n");
  const std::vector<std::shared_ptr<Connection>> all(connections.begin(), connections.end());
  for (const auto& connection : all) connection->OnTick();
  ticker.expires_after(absl::ToChronoNanoseconds(server.options.tick));
  ticker.async_wait([this](const boost::system::error_code& error) {
    if (!error) Tick();
  });
}

namespace {

absl::StatusOr<tcp::endpoint> ParseAddress(const std::string& address) {
  const size_t colon = address.rfind(':');
  int port = 0;
  if (colon == std::string::npos || !absl::SimpleAtoi(address.substr(colon + 1), &port) ||
      port < 0 || port > 65535) {
    return absl::InvalidArgumentError(
        absl::StrCat("HTTP address \"", address, "\" is not like 127.0.0.1:8080"));
  }
  std::string host = address.substr(0, colon);
  if (host.size() > 1 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  if (host.empty()) host = "0.0.0.0";
  if (host == "localhost") host = "127.0.0.1";
  boost::system::error_code error;
  const asio::ip::address ip = asio::ip::make_address(host, error);
  if (error) {
    return absl::InvalidArgumentError(
        absl::StrCat("HTTP address \"", address, "\" does not begin with an IP address"));
  }
  return tcp::endpoint(ip, static_cast<uint16_t>(port));
}

class AsioHttpServer final : public Server {
 public:
  AsioHttpServer(ServerOptions options, Handler& handler)
      : state_{.options = std::move(options), .handler = handler} {}
  // An exception, from a lack of memory, ends the process here as it would anywhere.
  ~AsioHttpServer() override {  // NOLINT(bugprone-exception-escape)
    Stop(absl::ZeroDuration());
  }

  absl::Status Listen() {
    ASSIGN_OR_RETURN(const tcp::endpoint endpoint, ParseAddress(state_.options.address));
    if (!state_.options.tls_certificate_file.empty()) {
      ASSIGN_OR_RETURN(
          tls_, TlsContext::Load(state_.options.tls_certificate_file, state_.options.tls_key_file));
      state_.tls = true;
    }
    for (int i = 0; i < std::max(1, state_.options.threads); ++i) {
      workers_.push_back(std::make_unique<Worker>(state_));
    }
    acceptor_.emplace(workers_[0]->io);
    accept_timer_.emplace(workers_[0]->io);
    boost::system::error_code error;
    acceptor_->open(endpoint.protocol(), error);
    if (!error) acceptor_->set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_->bind(endpoint, error);
    if (!error) acceptor_->listen(4096, error);
    if (error) {
      return absl::FailedPreconditionError(
          absl::StrCat("cannot listen on ", state_.options.address, ": ", error.message()));
    }
    port_ = acceptor_->local_endpoint().port();
    return absl::OkStatus();
  }

  void Run() {
    Accept();
    for (auto& worker : workers_) {
      worker->Tick();
      threads_.emplace_back([&io = worker->io] {
        const auto work = asio::make_work_guard(io);
        io.run();
      });
    }
  }

  int port() const override { return port_; }

  void Leave() override {
    ForEachConnection([](Worker& worker) { worker.leaving = true; }, [](Connection&) {});
  }

  void Stop(absl::Duration patience) override {
    if (threads_.empty()) return;
    asio::post(workers_[0]->io, [this] {
      boost::system::error_code ignored;
      acceptor_->close(ignored);
      accept_timer_->cancel();
    });
    ForEachConnection([](Worker& worker) { worker.draining = true; },
                      [](Connection& connection) { connection.BeginDrain(); });
    WaitUntilEmpty(patience);
    ForEachConnection([](Worker&) {}, [](Connection& connection) { connection.Close(); });
    WaitUntilEmpty(absl::Seconds(1));
    for (auto& worker : workers_) worker->io.stop();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

 private:
  template <typename ForWorker, typename ForConnection>
  void ForEachConnection(ForWorker for_worker, ForConnection for_connection) {
    for (auto& worker : workers_) {
      asio::post(worker->io, [&worker = *worker, for_worker, for_connection] {
        for_worker(worker);
        const std::vector<std::shared_ptr<Connection>> all(worker.connections.begin(),
                                                           worker.connections.end());
        for (const auto& connection : all) for_connection(*connection);
      });
    }
  }

  void WaitUntilEmpty(absl::Duration patience) {
    const absl::Time end = absl::Now() + patience;
    while (state_.connections.load() > 0 && absl::Now() < end) {
      absl::SleepFor(absl::Milliseconds(2));
    }
  }

  void Accept() {
    Worker& worker = *workers_[next_worker_++ % workers_.size()];
    acceptor_->async_accept(
        worker.io, [this, &worker](const boost::system::error_code& error, tcp::socket socket) {
          if (!acceptor_->is_open()) return;
          if (error) {  // most likely out of file descriptors: wait until some are closed
            accept_timer_->expires_after(std::chrono::milliseconds(50));
            accept_timer_->async_wait([this](const boost::system::error_code& cancelled) {
              if (!cancelled && acceptor_->is_open()) Accept();
            });
            return;
          }
          asio::post(worker.io, [this, &worker, socket = std::move(socket)]() mutable {
            Adopt(worker, std::move(socket));
          });
          Accept();
        });
  }

  void Adopt(Worker& worker, tcp::socket socket) {
    boost::system::error_code error;
    const tcp::endpoint peer = socket.remote_endpoint(error);
    if (error || worker.draining) return;
    const int limit = state_.options.connections;
    // Up to 256 connections above the limit get an answer that says so; further ones are closed
    // without an answer.
    if (limit > 0 && state_.connections.load() > limit + 256) return;
    socket.set_option(tcp::no_delay(true), error);
    auto transport = tls_ ? MakeTlsTransport(std::move(socket), *tls_->Get(absl::Now()))
                          : MakePlainTransport(std::move(socket));
    auto connection =
        std::make_shared<Connection>(worker, std::move(transport), peer.address().to_string());
    worker.connections.insert(connection);
    connection->Start();
  }

  ServerState state_;
  std::unique_ptr<TlsContext> tls_;  // null: plain
  std::vector<std::unique_ptr<Worker>> workers_;
  std::optional<tcp::acceptor> acceptor_;
  std::optional<asio::steady_timer> accept_timer_;
  std::vector<std::thread> threads_;
  size_t next_worker_ = 0;
  int port_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(ServerOptions options, Handler& handler) {
  auto server = std::make_unique<AsioHttpServer>(std::move(options), handler);
  RETURN_IF_ERROR(server->Listen());
  server->Run();
  return server;
}

}  // namespace veche::http
