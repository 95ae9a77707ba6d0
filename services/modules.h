#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/rpc/module.h"
#include "common/service/schema.h"

namespace veche {

// A service of the suite: its row.
struct ModuleEntry {
  absl::string_view name;
  rpc::ModuleFactory create;
  // What the service's database has besides the tables of every service; null: nothing, or the
  // module has no database, as the gateway.
  service::Schema (*schema)() = nullptr;
  // The module's gRPC services behind the gateway: "veche.identity.v1.Identity".
  std::vector<absl::string_view> serves = {};
  // The services that the module calls. Their rows stand before this row.
  std::vector<absl::string_view> calls = {};
  // The services whose event logs the module follows. The module may then call them too, in the
  // background, once all services answer (Module::StartFollowing). Their rows may stand anywhere.
  std::vector<absl::string_view> follows = {};
};

// All services. Each stands after the services that it calls: they start in this order and stop in
// reverse. Every process fetches identity's keys and follows the sessions that end, to verify
// tokens; these calls are not listed.
absl::Span<const ModuleEntry> Modules();

// FailedPrecondition, naming the row, when the table cannot work: a name that two rows have, a call
// of a service that is unknown or does not stand before its caller, a gRPC service that is not
// compiled in, an access rule that admits a service whose row does not call or follow, a call that
// no access rule admits.
absl::Status CheckModules(absl::Span<const ModuleEntry> modules);

}  // namespace veche
