#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace veche::identity {

// A way to reach a person, in its one spelling.
struct Contact {
  enum class Kind { kPhone, kEmail };
  Kind kind = Kind::kPhone;
  std::string value;  // E.164 ("+79991234567") or an address with a lower-case domain

  friend bool operator==(const Contact&, const Contact&) = default;
};

// What people type, in its one spelling; nullopt when it is neither a phone nor an address.
//
// Phones: spaces, hyphens, dots and brackets are dropped. "+" or "00" begins an international
// number. Without either, a Russian number may begin with 8 or 7 (11 digits) or with the 9 of a
// mobile one (10 digits). Addresses: ASCII; the domain is lower-cased, the part before @ is kept,
// because only its server knows whether case matters there.
std::optional<Contact> ParseContact(absl::string_view text);

// "PHONE" or "EMAIL": how the wire and the tables name it.
absl::string_view KindName(Contact::Kind kind);
Contact::Kind KindFromName(absl::string_view name);  // anything else: kPhone

}  // namespace veche::identity
