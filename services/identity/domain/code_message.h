#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace veche::identity {

struct CodeMessage {
  std::string subject;
  std::string body;
};

// What a resident reads when they ask for a code, in `language` ("ru", "tt", "uk", "en"; anything
// else: Russian).
CodeMessage MakeCodeMessage(absl::string_view code, absl::string_view language);

}  // namespace veche::identity
