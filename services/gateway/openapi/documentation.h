#pragma once

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace veche::gateway {

// The comments of the protos, from the descriptor set that the build embeds, because generated code
// has no comments. Immutable; thread-safe.
class Documentation {
 public:
  static const Documentation& Get();

  // The comment before the declaration of a message, field, enum, value, service or method, by its
  // full name; each paragraph is one line. "" when there is none.
  absl::string_view Of(absl::string_view full_name) const;

 private:
  Documentation();
  absl::flat_hash_map<std::string, std::string> comments_;
};

}  // namespace veche::gateway
