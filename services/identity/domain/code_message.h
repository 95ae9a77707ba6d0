#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace veche::identity {

struct CodeMessage {
  std::string subject;
  std::string body;
};

// The message that carries a sign-in code, in `language` ("ru", "tt", "uk", "en"; any other:
// Russian).
CodeMessage MakeCodeMessage(absl::string_view code, absl::string_view language);

}  // namespace veche::identity
