#pragma once

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace veche::gateway {

// The protos' comments, which the generated code does not have: read from the descriptor set that
// the build puts into the binary. Immutable; thread-safe.
class Documentation {
 public:
  static const Documentation& Get();

  // The comment before the declaration of a message, field, enum, value, service or method, by its
  // full name; paragraphs on lines of their own. "" when there is none.
  absl::string_view Of(absl::string_view full_name) const;

 private:
  Documentation();
  absl::flat_hash_map<std::string, std::string> comments_;
};

}  // namespace veche::gateway
