#pragma once

#include <string>

#include "absl/strings/string_view.h"

// Phone numbers as people write them. Pure functions.

namespace veche::directory {

// Whether `number` is a phone: 2 to 15 digits with "+", spaces, hyphens, dots and brackets, and an
// extension of 1 to 8 digits after "ext.", "доб.", "#" or ",".
bool IsPhoneNumber(absl::string_view number);

// The link to call it (RFC 3966): "tel:+78432991300;ext=12". A number without its country code is
// taken for a Russian one where its form says so, and stays as it is otherwise: "tel:112".
// REQUIRES: IsPhoneNumber(number).
std::string TelLink(absl::string_view number);

}  // namespace veche::directory
