#include "common/http/transport.h"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <utility>

namespace veche::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

template <typename Stream>
void StartRead(Stream& stream, Transport::Owner& owner, asio::mutable_buffer buffer) {
  stream.async_read_some(buffer,
                         [self = owner.shared_from_this()](Transport::Error error, size_t bytes) {
                           self->OnRead(error, bytes);
                         });
}

template <typename Stream>
void StartWrite(Stream& stream, Transport::Owner& owner, const Transport::Buffers& buffers) {
  stream.async_write_some(buffers,
                          [self = owner.shared_from_this()](Transport::Error error, size_t bytes) {
                            self->OnWritten(error, bytes);
                          });
}

class PlainTransport final : public Transport {
 public:
  explicit PlainTransport(tcp::socket socket) : socket_(std::move(socket)) {
    Error ignored;
    socket_.non_blocking(true, ignored);
  }
  void Handshake(Owner& owner) override { owner.OnHandshake({}); }
  void Read(Owner& owner, asio::mutable_buffer buffer) override {
    StartRead(socket_, owner, buffer);
  }
  size_t TryWrite(const Buffers& buffers, Error& error) override {
    return socket_.write_some(buffers, error);
  }
  void Write(Owner& owner, const Buffers& buffers) override { StartWrite(socket_, owner, buffers); }
  void ShutdownSend(Owner&) override {
    Error ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
  }
  void Close() override {
    Error ignored;
    socket_.close(ignored);
  }

 private:
  tcp::socket socket_;
};

class TlsTransport final : public Transport {
 public:
  TlsTransport(tcp::socket socket, asio::ssl::context& context)
      : stream_(std::move(socket), context) {}

  void Handshake(Owner& owner) override {
    stream_.async_handshake(
        asio::ssl::stream_base::server,
        [self = owner.shared_from_this()](Error error) { self->OnHandshake(error); });
  }
  void Read(Owner& owner, asio::mutable_buffer buffer) override {
    StartRead(stream_, owner, buffer);
  }
  size_t TryWrite(const Buffers&, Error& error) override {
    error = asio::error::would_block;
    return 0;
  }
  void Write(Owner& owner, const Buffers& buffers) override { StartWrite(stream_, owner, buffers); }
  void ShutdownSend(Owner& owner) override {
    stream_.async_shutdown([self = owner.shared_from_this()](Error) {});
  }
  void Close() override {
    Error ignored;
    stream_.next_layer().close(ignored);
  }

 private:
  asio::ssl::stream<tcp::socket> stream_;
};

}  // namespace

std::unique_ptr<Transport> MakePlainTransport(tcp::socket socket) {
  return std::make_unique<PlainTransport>(std::move(socket));
}

std::unique_ptr<Transport> MakeTlsTransport(tcp::socket socket, asio::ssl::context& context) {
  return std::make_unique<TlsTransport>(std::move(socket), context);
}

}  // namespace veche::http
