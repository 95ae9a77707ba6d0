#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace veche::directory {

enum class EntryAction { kCreate = 1, kUpdate, kDelete, kUndelete, kConfirm, kImport };

// What made a version of an organization or e-service.
struct EntryChange {
  int64_t version = 0;
  absl::Time time = absl::UnixEpoch();
  EntryAction action = EntryAction::kCreate;
  std::string editor = {};               // the principal: "staff/{id}"
  std::vector<std::string> fields = {};  // names as in JSON
  friend bool operator==(const EntryChange&, const EntryChange&) = default;
};

}  // namespace veche::directory
