#pragma once

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace veche::redis {

// Where a server listens: a path of a socket, or a host and a port.
struct Address {
  std::string path;  // "" for TCP
  std::string host;
  std::string port;

  // InvalidArgument that says what an address looks like.
  static absl::StatusOr<Address> Parse(absl::string_view text);
};

// Finds the endpoints of an address without holding up the thread. Only the thread of `io` may use
// it.
class Resolver {
 public:
  using Endpoint = boost::asio::generic::stream_protocol::endpoint;
  using Found = std::function<void(absl::StatusOr<std::vector<Endpoint>>)>;

  explicit Resolver(boost::asio::io_context& io) : resolver_(io) {}
  // `found` may run at once.
  void Resolve(const Address& address, Found found);
  void Cancel() { resolver_.cancel(); }

 private:
  boost::asio::ip::tcp::resolver resolver_;
};

}  // namespace veche::redis
