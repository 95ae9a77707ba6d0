#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/rpc/module.h"

namespace veche {

// A service of the suite: its row.
struct ModuleEntry {
  absl::string_view name;
  rpc::ModuleFactory create;
  // Its gRPC services behind the gateway: "veche.identity.v1.Identity".
  std::vector<absl::string_view> serves = {};
  // The services it calls; they stand before it.
  std::vector<absl::string_view> calls = {};
  // The services whose event logs it follows, and which it then calls too: in the background, once
  // all services answer (Module::StartFollowing). They may stand anywhere.
  std::vector<absl::string_view> follows = {};
};

// Every service, each after those it calls: started in this order, stopped in reverse. Any service
// verifies tokens with identity's keys; that one call is not listed.
absl::Span<const ModuleEntry> Modules();

// FailedPrecondition, naming the row, when the table cannot work: a name that two rows have, a call
// of a service that is unknown or does not stand before its caller, a gRPC service that is not
// compiled in, an access rule that admits a service whose row does not call or follow, a call that
// no access rule admits.
absl::Status CheckModules(absl::Span<const ModuleEntry> modules);

}  // namespace veche
