#include "common/redis/address.h"

#include <boost/asio/local/stream_protocol.hpp>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace veche::redis {
namespace {

using Endpoints = std::vector<Resolver::Endpoint>;

constexpr size_t kMostPathBytes = 107;  // sockaddr_un

absl::Status Malformed(absl::string_view text) {
  return absl::InvalidArgumentError(absl::StrCat(
      "\"", text, "\" is not an address: write \"redis:6379\" or \"unix:/run/redis/redis.sock\""));
}

bool IsPort(absl::string_view text) {
  int port = 0;
  return absl::c_all_of(text, absl::ascii_isdigit) && absl::SimpleAtoi(text, &port) && port > 0 &&
         port < 65536;
}

}  // namespace

absl::StatusOr<Address> Address::Parse(absl::string_view text) {
  absl::string_view rest = text;
  if (absl::ConsumePrefix(&rest, "unix:")) {
    if (rest.empty() || rest[0] != '/' || rest.size() > kMostPathBytes) return Malformed(text);
    return Address{.path = std::string(rest)};
  }
  const size_t colon = rest.rfind(':');
  if (colon == absl::string_view::npos || !IsPort(rest.substr(colon + 1))) return Malformed(text);
  absl::string_view host = rest.substr(0, colon);
  const bool bracketed = absl::ConsumePrefix(&host, "[") && absl::ConsumeSuffix(&host, "]");
  if (host.empty() || host.find_first_of("/[] ") != absl::string_view::npos) return Malformed(text);
  if (!bracketed && host.find(':') != absl::string_view::npos) return Malformed(text);
  return Address{.host = std::string(host), .port = std::string(rest.substr(colon + 1))};
}

void Resolver::Resolve(const Address& address, Found found) {
  if (!address.path.empty()) {
    return found(Endpoints{boost::asio::local::stream_protocol::endpoint(address.path)});
  }
  resolver_.async_resolve(
      address.host, address.port,
      [found = std::move(found)](const boost::system::error_code& error, auto results) {
        if (error) {
          return found(absl::UnavailableError(absl::StrCat("no address: ", error.message())));
        }
        Endpoints endpoints;
        for (const auto& result : results) endpoints.emplace_back(result.endpoint());
        found(std::move(endpoints));
      });
}

}  // namespace veche::redis
