#include "common/rpc/target.h"

#include <arpa/inet.h>

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"

namespace veche::rpc {
namespace {

constexpr char kDns[] = "dns://";

enum class HostKind { kName, kIpv4, kIpv6 };

struct Endpoint {
  HostKind kind;
  std::string text;  // as gRPC takes it
};

absl::Status Bad(absl::string_view address, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("\"", address, "\" ", why));
}

bool IsIp(int family, const std::string& host) {
  unsigned char bytes[sizeof(in6_addr)];
  return inet_pton(family, host.c_str(), bytes) == 1;
}

bool IsName(absl::string_view host) {
  for (const char c : host) {
    if (!absl::ascii_isalnum(c) && c != '-' && c != '.' && c != '_') return false;
  }
  return !host.empty() && host.size() <= 253;
}

absl::StatusOr<Endpoint> ReadEndpoint(absl::string_view address) {
  if (absl::StrContains(address, "://")) {
    return Bad(address, "must be a host and a port, like identity:9000, not a link");
  }
  const size_t colon = address.rfind(':');
  int port = 0;
  if (colon == absl::string_view::npos || !absl::SimpleAtoi(address.substr(colon + 1), &port) ||
      port < 1 || port > 65535) {
    return Bad(address, "needs a port from 1 to 65535, like identity:9000");
  }
  absl::string_view host = address.substr(0, colon);
  if (absl::ConsumePrefix(&host, "[") && absl::ConsumeSuffix(&host, "]")) {
    if (!IsIp(AF_INET6, std::string(host))) return Bad(address, "is not an IPv6 address");
    return Endpoint{HostKind::kIpv6, std::string(address)};
  }
  if (IsIp(AF_INET, std::string(host))) return Endpoint{HostKind::kIpv4, std::string(address)};
  if (!IsName(host)) return Bad(address, "is not a host name with a port, like identity:9000");
  return Endpoint{HostKind::kName, std::string(address)};
}

}  // namespace

absl::StatusOr<std::string> TargetOf(absl::string_view address) {
  absl::string_view rest = address;
  if (absl::ConsumePrefix(&rest, kDns)) {
    const size_t slash = rest.find('/');
    if (slash == absl::string_view::npos) return Bad(address, "must be like dns:///identity:9000");
    RETURN_IF_ERROR(ReadEndpoint(rest.substr(slash + 1)).status());
    return std::string(address);
  }
  std::vector<Endpoint> endpoints;
  for (absl::string_view part : absl::StrSplit(address, ',')) {
    part = absl::StripAsciiWhitespace(part);
    if (part.empty()) return Bad(address, "has an empty address; write host:port");
    ASSIGN_OR_RETURN(Endpoint endpoint, ReadEndpoint(part));
    endpoints.push_back(std::move(endpoint));
  }
  const HostKind kind = endpoints.front().kind;
  for (const Endpoint& endpoint : endpoints) {
    if (endpoint.kind != kind || (kind == HostKind::kName && endpoints.size() > 1)) {
      return Bad(address,
                 "is a list, which has IP addresses of one kind only; replicas with names need one "
                 "DNS name for all");
    }
  }
  const char* const scheme = kind == HostKind::kIpv4   ? "ipv4:"
                             : kind == HostKind::kIpv6 ? "ipv6:"
                                                       : "dns:///";
  return absl::StrCat(scheme, absl::StrJoin(endpoints, ",", [](std::string* out, const auto& one) {
                        absl::StrAppend(out, one.text);
                      }));
}

}  // namespace veche::rpc
