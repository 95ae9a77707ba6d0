#include "common/http/client_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace veche::http {
namespace {

constexpr std::array<uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr int kMappedBits = 96;
constexpr int kBits = 128;

// Without the port that some proxies add: "192.0.2.7:80", "[2001:db8::1]:80".
absl::string_view WithoutPort(absl::string_view text) {
  if (absl::StartsWith(text, "[")) {
    const size_t end = text.find(']');
    return end == absl::string_view::npos ? text : text.substr(1, end - 1);
  }
  const size_t colon = text.find(':');
  const bool one = colon != absl::string_view::npos && colon == text.rfind(':');
  return one ? text.substr(0, colon) : text;
}

}  // namespace

std::optional<TrustedProxies::Bytes> TrustedProxies::ParseAddress(absl::string_view text) {
  const std::string address(text);
  Bytes bytes;
  if (inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1) return bytes;
  std::copy(kMapped.begin(), kMapped.end(), bytes.begin());
  if (inet_pton(AF_INET, address.c_str(), bytes.data() + kMapped.size()) == 1) return bytes;
  return std::nullopt;
}

std::string TrustedProxies::Format(const Bytes& bytes) {
  char text[INET6_ADDRSTRLEN];
  const bool v4 = std::equal(kMapped.begin(), kMapped.end(), bytes.begin());
  inet_ntop(v4 ? AF_INET : AF_INET6, bytes.data() + (v4 ? kMapped.size() : 0), text, sizeof(text));
  return text;
}

absl::StatusOr<TrustedProxies> TrustedProxies::Parse(const std::vector<std::string>& networks) {
  TrustedProxies proxies;
  for (const std::string& network : networks) {
    const std::vector<std::string> parts = absl::StrSplit(network, '/');
    const auto bytes = ParseAddress(parts[0]);
    const int before = absl::StrContains(parts[0], ':') ? 0 : kMappedBits;
    int bits = kBits - before;
    const bool right = bytes && parts.size() <= 2 &&
                       (parts.size() == 1 ||
                        (absl::SimpleAtoi(parts[1], &bits) && bits >= 0 && bits <= kBits - before));
    if (!right) {
      return absl::InvalidArgumentError(
          absl::StrCat("\"", network, "\" is no network like 10.0.0.0/8 or 2001:db8::/32"));
    }
    proxies.networks_.push_back({*bytes, bits + before});
  }
  return proxies;
}

bool TrustedProxies::Trusts(const Bytes& address) const {
  return std::any_of(networks_.begin(), networks_.end(), [&](const Network& network) {
    const int whole = network.bits / 8;
    if (std::memcmp(address.data(), network.bytes.data(), whole) != 0) return false;
    const int rest = network.bits % 8;
    return rest == 0 || ((address[whole] ^ network.bytes[whole]) >> (8 - rest)) == 0;
  });
}

std::string TrustedProxies::ClientOf(absl::string_view peer,
                                     absl::string_view forwarded_for) const {
  std::optional<Bytes> client = ParseAddress(peer);
  if (!client) return std::string(peer);
  const std::vector<absl::string_view> hops = absl::StrSplit(forwarded_for, ',', absl::SkipEmpty());
  for (size_t i = hops.size(); i-- > 0 && Trusts(*client);) {
    const auto hop = ParseAddress(WithoutPort(absl::StripAsciiWhitespace(hops[i])));
    if (!hop) break;
    client = hop;
  }
  return Format(*client);
}

}  // namespace veche::http
