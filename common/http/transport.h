#pragma once

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <functional>
#include <memory>

namespace veche::http {

// The byte stream of a connection, plain or TLS. Used on the socket's I/O thread only, with at most
// one read and one write at a time. The owner must keep the transport alive while an operation
// runs.
class Transport {
 public:
  using Error = boost::system::error_code;
  using Buffers = std::array<boost::asio::const_buffer, 2>;
  // Receives the results of operations; a running operation keeps the owner alive.
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
  // Writes as many bytes as possible without waiting and returns their number; would_block for
  // none.
  virtual size_t TryWrite(const Buffers& buffers, Error& error) = 0;
  virtual void Write(Owner& owner, const Buffers& buffers) = 0;
  // Closes the sending side.
  virtual void ShutdownSend(Owner& owner) = 0;
  virtual void Close() = 0;
};

std::unique_ptr<Transport> MakePlainTransport(boost::asio::ip::tcp::socket socket);
// `context` must outlive the transport.
std::unique_ptr<Transport> MakeTlsTransport(boost::asio::ip::tcp::socket socket,
                                            boost::asio::ssl::context& context);

}  // namespace veche::http
