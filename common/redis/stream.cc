#include "common/redis/stream.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "absl/strings/str_cat.h"

namespace veche::redis {
namespace {

namespace asio = boost::asio;
using Error = boost::system::error_code;
using Socket = asio::generic::stream_protocol::socket;

// Small commands leave at once.
void SetNoDelay(Socket& socket, const Stream::Endpoint& endpoint) {
  Error ignored;
  if (endpoint.protocol().family() == AF_UNIX) return;
  socket.set_option(asio::ip::tcp::no_delay(true), ignored);
}

class PlainStream final : public Stream {
 public:
  explicit PlainStream(asio::io_context& io) : socket_(io) {}

  void Connect(const Endpoint& endpoint, Done done) override {
    Error ignored;
    socket_.close(ignored);
    socket_.async_connect(endpoint, [this, endpoint, done = std::move(done)](const Error& error) {
      if (!error) SetNoDelay(socket_, endpoint);
      done(error, 0);
    });
  }
  void Read(asio::mutable_buffer buffer, Done done) override {
    socket_.async_read_some(buffer, std::move(done));
  }
  void Write(asio::const_buffer buffer, Done done) override {
    asio::async_write(socket_, buffer, std::move(done));
  }
  void Close() override {
    Error ignored;
    socket_.close(ignored);
  }

 private:
  Socket socket_;
};

class TlsStream final : public Stream {
 public:
  TlsStream(asio::io_context& io, asio::ssl::context context, const std::string& host)
      : context_(std::move(context)), stream_(io, context_), host_(host) {
    stream_.set_verify_mode(asio::ssl::verify_peer);
    stream_.set_verify_callback(asio::ssl::host_name_verification(host));
  }

  void Connect(const Endpoint& endpoint, Done done) override {
    Error ignored;
    stream_.next_layer().close(ignored);
    SSL_set_tlsext_host_name(stream_.native_handle(), host_.c_str());
    stream_.next_layer().async_connect(
        endpoint, [this, endpoint, done = std::move(done)](const Error& error) {
          if (error) return done(error, 0);
          SetNoDelay(stream_.next_layer(), endpoint);
          stream_.async_handshake(asio::ssl::stream_base::client,
                                  [done](const Error& error) { done(error, 0); });
        });
  }
  void Read(asio::mutable_buffer buffer, Done done) override {
    stream_.async_read_some(buffer, std::move(done));
  }
  void Write(asio::const_buffer buffer, Done done) override {
    asio::async_write(stream_, buffer, std::move(done));
  }
  void Close() override {
    Error ignored;
    stream_.next_layer().close(ignored);
  }

 private:
  asio::ssl::context context_;
  asio::ssl::stream<Socket> stream_;
  const std::string host_;
};

}  // namespace

std::unique_ptr<Stream> Stream::MakePlain(asio::io_context& io) {
  return std::make_unique<PlainStream>(io);
}

absl::StatusOr<std::unique_ptr<Stream>> Stream::MakeTls(asio::io_context& io,
                                                        const std::string& host,
                                                        const std::string& ca_file) {
  asio::ssl::context context(asio::ssl::context::tls_client);
  Error error;
  context.load_verify_file(ca_file, error);
  if (error) {
    return absl::InvalidArgumentError(
        absl::StrCat("the certificates in ", ca_file, " cannot be read: ", error.message()));
  }
  return std::make_unique<TlsStream>(io, std::move(context), host);
}

}  // namespace veche::redis
