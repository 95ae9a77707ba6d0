#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/identity/domain/message.h"

// The header of an e-mail (RFC 5322). Pure functions.

namespace veche::identity {

// A sender: "City of Kazan <noreply@example.org>" or the address alone.
struct Mailbox {
  std::string name;     // UTF-8; "" for none
  std::string address;  // "noreply@example.org"

  // Nullopt unless the text has one of these forms and the address is ASCII.
  static std::optional<Mailbox> Parse(absl::string_view text);
  absl::string_view domain() const;
};

// Text of a header field: as it is when it is short printable ASCII, else as encoded words of UTF-8
// (RFC 2047), each of whole characters and at most 75 bytes, folded one to a line.
std::string EncodeHeaderText(absl::string_view text);

// "Tue, 01 Dec 2026 04:46:54 +0000".
std::string MailDate(absl::Time time);

// The fields of a message, without their line ends; a folded field has CRLF inside. MIME-Version
// and the types of the parts are curl's. The Message-ID is the message's key in angle brackets.
std::vector<std::string> MailHeaders(const Mailbox& from, const OutgoingMessage& message);

}  // namespace veche::identity
