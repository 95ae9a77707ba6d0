#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace veche::rpc {

// The target of a gRPC channel for an address of the configuration: "identity:9000" (a DNS name,
// each of whose addresses is a replica), "10.0.0.1:9000,10.0.0.2:9000" (one replica each), or
// "dns://10.0.0.53/identity:9000", which asks another DNS server. InvalidArgument says what is
// wrong with the address. Private to rpc and the check of the configuration.
absl::StatusOr<std::string> TargetOf(absl::string_view address);

}  // namespace veche::rpc
