#include "services/identity/delivery/mail_headers.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace veche::identity {
namespace {

constexpr absl::string_view kWordBegin = "=?UTF-8?B?";
constexpr absl::string_view kWordEnd = "?=";
// 45 bytes are 60 in base64: with begin and end 72, which leaves room within 75.
constexpr size_t kWordBytes = 45;
// A line has at most 78 characters; the longest field name here is "Subject: ".
constexpr size_t kPlainBytes = 66;

bool IsPlain(absl::string_view text) {
  return text.size() <= kPlainBytes && !absl::StrContains(text, "=?") &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_isprint(static_cast<unsigned char>(c)); });
}

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// The longest beginning of `text` that is whole characters and at most kWordBytes.
absl::string_view FirstWord(absl::string_view text) {
  size_t size = std::min(text.size(), kWordBytes);
  while (size > 1 && size < text.size() && IsContinuation(text[size])) --size;
  return text.substr(0, size);
}

bool IsAddress(absl::string_view text) {
  const size_t at = text.rfind('@');
  return at != absl::string_view::npos && at > 0 && at + 1 < text.size() &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isgraph(static_cast<unsigned char>(c)) &&
                  !absl::StrContains("<>()[],;:\\\"", c);
         });
}

// A display name: a quoted string when it is plain, else encoded words.
std::string EncodeName(absl::string_view name) {
  if (!IsPlain(name)) return EncodeHeaderText(name);
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') quoted.push_back('\\');
    quoted.push_back(c);
  }
  return quoted + "\"";
}

std::string FromField(const Mailbox& from) {
  if (from.name.empty()) return absl::StrCat("From: ", from.address);
  const std::string name = EncodeName(from.name);
  // The address gets a line of its own when the line would be too long.
  const size_t last_line = name.size() - std::min(name.size(), name.rfind('\n') + 1);
  const bool fold = last_line + from.address.size() > kPlainBytes;
  return absl::StrCat("From: ", name, fold ? "\r\n <" : " <", from.address, ">");
}

}  // namespace

std::optional<Mailbox> Mailbox::Parse(absl::string_view text) {
  Mailbox mailbox;
  text = absl::StripAsciiWhitespace(text);
  if (absl::EndsWith(text, ">")) {
    const size_t begin = text.rfind('<');
    if (begin == absl::string_view::npos) return std::nullopt;
    absl::string_view name = absl::StripAsciiWhitespace(text.substr(0, begin));
    if (name.size() >= 2 && name.front() == '"' && name.back() == '"') {
      name = name.substr(1, name.size() - 2);
    }
    mailbox.name = std::string(name);
    text = text.substr(begin + 1, text.size() - begin - 2);
  }
  mailbox.address = std::string(text);
  const bool one_line = mailbox.name.find_first_of("\r\n") == std::string::npos;
  if (!IsAddress(mailbox.address) || !one_line) return std::nullopt;
  return mailbox;
}

absl::string_view Mailbox::domain() const {
  return absl::string_view(address).substr(address.rfind('@') + 1);
}

std::string EncodeHeaderText(absl::string_view text) {
  if (IsPlain(text)) return std::string(text);
  std::string encoded;
  while (!text.empty()) {
    const absl::string_view word = FirstWord(text);
    text.remove_prefix(word.size());
    absl::StrAppend(&encoded, encoded.empty() ? "" : "\r\n ", kWordBegin, absl::Base64Escape(word),
                    kWordEnd);
  }
  return encoded;
}

std::string MailDate(absl::Time time) {
  return absl::FormatTime("%a, %d %b %Y %H:%M:%S +0000", time, absl::UTCTimeZone());
}

std::vector<std::string> MailHeaders(const Mailbox& from, const OutgoingMessage& message) {
  std::vector<std::string> headers = {
      FromField(from),
      absl::StrCat("To: ", message.to.value),
      absl::StrCat("Subject: ", EncodeHeaderText(message.subject)),
      absl::StrCat("Date: ", MailDate(message.create_time)),
      absl::StrCat("Message-ID: <", message.key, ">"),
      // RFC 3834: no automatic answers to this message.
      "Auto-Submitted: auto-generated",
  };
  if (!message.unsubscribe_url.empty()) {
    headers.push_back(absl::StrCat("List-Unsubscribe:\r\n <", message.unsubscribe_url, ">"));
    headers.push_back("List-Unsubscribe-Post: List-Unsubscribe=One-Click");
  }
  return headers;
}

}  // namespace veche::identity
