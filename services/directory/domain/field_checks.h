#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "services/directory/domain/names.h"

namespace veche::directory {

// Checks the fields of one row and adds violations under the path of the row. Not thread-safe; the
// violations must outlive the object.
class FieldChecks {
 public:
  // `prefix` is the path of the row with its dot, such as "organizations[3].", or "".
  FieldChecks(absl::string_view prefix, Violations& violations)
      : prefix_(prefix), violations_(violations) {}

  void Add(absl::string_view field, const Text& problem) const;

  // A title: not empty, short, on one line.
  void CheckTitle(absl::string_view field, absl::string_view text) const;
  // A text on one line that may be empty.
  void CheckLine(absl::string_view field, absl::string_view text) const;
  // A longer text that may be empty and have line breaks.
  void CheckText(absl::string_view field, absl::string_view text) const;
  // Texts by language, each checked as CheckTitle or CheckText does.
  void CheckTitles(absl::string_view field, const Titles& titles) const;
  void CheckTexts(absl::string_view field, const Titles& texts) const;
  // An id, an http or https link, and a link of any scheme but those that run scripts.
  void CheckId(absl::string_view field, absl::string_view id) const;
  void CheckWebLink(absl::string_view field, absl::string_view link) const;
  void CheckAppLink(absl::string_view field, absl::string_view link) const;
  // At most `most` elements.
  void CheckCount(absl::string_view field, size_t count, size_t most) const;

 private:
  bool CheckLanguage(const std::string& field, absl::string_view language) const;

  const std::string prefix_;
  Violations& violations_;
};

}  // namespace veche::directory
