#pragma once

#include "absl/strings/string_view.h"

namespace veche::identity {

// The name under which ResidentKey seals contacts.
inline constexpr absl::string_view kContactField = "contact";

}  // namespace veche::identity
