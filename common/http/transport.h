#pragma once

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <functional>
#include <memory>

namespace veche::http {

// A connection's bytes, plain or by TLS. Handlers run on the socket's I/O thread; one read and one
// write at a time. The owner keeps it alive while an operation runs.
class Transport {
 public:
  using Error = boost::system::error_code;
  using Buffers = std::array<boost::asio::const_buffer, 2>;
  // Receives the ends of operations; held alive by them.
  class Owner : public std::enable_shared_from_this<Owner> {
   public:
    virtual ~Owner() = default;
    virtual void OnHandshake(Error error) = 0;
    virtual void OnRead(Error error, size_t bytes) = 0;
    virtual void OnWritten(Error error, size_t bytes) = 0;
  };

  virtual ~Transport() = default;
  virtual void Handshake(Owner& owner) = 0;
  virtual void Read(Owner& owner, boost::asio::mutable_buffer buffer) = 0;
  // Writes what it can at once; would_block when nothing.
  virtual size_t TryWrite(const Buffers& buffers, Error& error) = 0;
  virtual void Write(Owner& owner, const Buffers& buffers) = 0;
  // Says that no more will be written.
  virtual void ShutdownSend(Owner& owner) = 0;
  virtual void Close() = 0;
};

std::unique_ptr<Transport> MakePlainTransport(boost::asio::ip::tcp::socket socket);
// `context` must outlive it.
std::unique_ptr<Transport> MakeTlsTransport(boost::asio::ip::tcp::socket socket,
                                            boost::asio::ssl::context& context);

}  // namespace veche::http
