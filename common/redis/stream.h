#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace veche::redis {

// A connected socket, plain or with TLS. Only the thread of its `io` may use it. After Close, the
// callbacks of running operations are called with an error.
class Stream {
 public:
  using Endpoint = boost::asio::generic::stream_protocol::endpoint;
  using Done = std::function<void(const boost::system::error_code&, size_t bytes)>;

  static std::unique_ptr<Stream> MakePlain(boost::asio::io_context& io);
  // Accepts certificates of `host` by the authorities of the file. InvalidArgument when the file
  // cannot be read.
  static absl::StatusOr<std::unique_ptr<Stream>> MakeTls(boost::asio::io_context& io,
                                                         const std::string& host,
                                                         const std::string& ca_file);
  virtual ~Stream() = default;

  virtual void Connect(const Endpoint& endpoint, Done done) = 0;
  virtual void Read(boost::asio::mutable_buffer buffer, Done done) = 0;
  // Writes all of the buffer.
  virtual void Write(boost::asio::const_buffer buffer, Done done) = 0;
  virtual void Close() = 0;
};

}  // namespace veche::redis
