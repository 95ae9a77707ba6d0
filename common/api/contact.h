#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace veche::api {

// A phone or an e-mail address in its normal form: equal contacts have equal texts.
struct Contact {
  enum class Kind { kPhone, kEmail };
  Kind kind = Kind::kPhone;
  std::string value;  // E.164 ("+79991234567") or an address with a lower-case domain

  friend bool operator==(const Contact&, const Contact&) = default;
};

// Brings what a person typed into the normal form; nullopt when it is neither a phone nor an e-mail
// address.
//
// Phones: spaces, hyphens, dots and brackets are dropped. "+" or "00" begins an international
// number. Without either, a Russian number may begin with 8 or 7 (11 digits) or with the 9 of a
// mobile one (10 digits). Addresses: ASCII; the domain is lower-cased, the part before @ is kept,
// because only its server knows whether case matters there.
std::optional<Contact> ParseContact(absl::string_view text);

// "PHONE" or "EMAIL": the name of the kind in protos and tables.
absl::string_view KindName(Contact::Kind kind);
Contact::Kind KindFromName(absl::string_view name);  // anything else: kPhone

}  // namespace veche::api
