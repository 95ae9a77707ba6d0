#pragma once

#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/rpc/module.h"

namespace veche {

// A service of the suite.
struct ModuleEntry {
  absl::string_view name;
  rpc::ModuleFactory create;
  std::vector<absl::string_view> calls;         // the services it calls or follows
  std::vector<absl::string_view> follows = {};  // later ones, in the background alone
};

// Every service, each after those it calls: started in this order, stopped in reverse. Any service
// verifies tokens with identity's keys; that one call is not listed.
absl::Span<const ModuleEntry> Modules();

}  // namespace veche
