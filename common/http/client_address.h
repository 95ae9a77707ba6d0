#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace veche::http {

// The proxies whose X-Forwarded-For is believed, as networks: "10.0.0.0/8", "2001:db8::/32",
// "192.0.2.7". Immutable; thread-safe.
class TrustedProxies {
 public:
  TrustedProxies() = default;  // none

  // InvalidArgument names what is no network.
  static absl::StatusOr<TrustedProxies> Parse(const std::vector<std::string>& networks);

  bool empty() const { return networks_.empty(); }

  // Where the client of a request is: `peer`, unless that is a trusted proxy; then the last address
  // of X-Forwarded-For (all lines of it, in order) that is none. What stands before it anyone may
  // have written. An entry that is no address hides what came before: then the proxy that wrote it
  // counts. IPv4 in IPv6 (::ffff:192.0.2.7) is IPv4.
  std::string ClientOf(absl::string_view peer, absl::string_view forwarded_for) const;

 private:
  using Bytes = std::array<uint8_t, 16>;  // IPv4 as ::ffff:0:0/96
  struct Network {
    Bytes bytes;
    int bits;
  };

  static std::optional<Bytes> ParseAddress(absl::string_view text);
  static std::string Format(const Bytes& bytes);
  bool Trusts(const Bytes& address) const;

  std::vector<Network> networks_;
};

}  // namespace veche::http
