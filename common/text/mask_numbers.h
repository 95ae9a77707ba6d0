#pragma once

#include <cstddef>
#include <vector>

#include "absl/strings/string_view.h"

// Internal to mask.cc: finds personal data by its characters alone. Thread-safe.

namespace veche::text {

enum class Personal { kPhone, kEmail, kFlat, kNumber, kName };

// Bytes [begin, end) of a text.
struct PersonalSpan {
  size_t begin = 0;
  size_t end = 0;
  Personal kind = Personal::kNumber;
};

// Appends e-mail addresses in order.
void FindEmails(absl::string_view text, std::vector<PersonalSpan>& spans);

// Appends phones and numbers of documents and cards in order.
void FindNumbers(absl::string_view text, std::vector<PersonalSpan>& spans);

}  // namespace veche::text
