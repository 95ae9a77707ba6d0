#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace veche::http {

// The networks of the proxies whose X-Forwarded-For is trusted: "10.0.0.0/8", "2001:db8::/32",
// "192.0.2.7". Immutable; thread-safe.
class TrustedProxies {
 public:
  TrustedProxies() = default;  // none

  // InvalidArgument, naming the text that is not a network.
  static absl::StatusOr<TrustedProxies> Parse(const std::vector<std::string>& networks);

  bool empty() const { return networks_.empty(); }

  // The IP address of a request's client: `peer`, unless `peer` is a trusted proxy. Then it is the
  // last address of X-Forwarded-For (all lines, in order) that is no trusted proxy; earlier entries
  // may be forged. If an entry that is no address comes first, the result is the proxy that wrote
  // that entry. IPv4 in IPv6 (::ffff:192.0.2.7) counts as IPv4.
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
