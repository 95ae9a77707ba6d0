#pragma once

#include <array>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/base/embedded_file.h"
#include "common/base/text.h"

namespace veche {

// The languages of all catalogues, by their BCP 47 tags.
inline constexpr std::array<absl::string_view, 4> kLanguages = {"en", "ru", "uk", "tt"};
bool IsLanguage(absl::string_view tag);

// What people read, in every language: tables texts.tsv with the columns id, en, ru, uk and tt.
// Ids are UPPER_SNAKE; an error's id is its reason. "{name}" in a text stands for the argument of
// that name, "{name:PREFIX_}" for the text whose id is PREFIX_ and the argument, or the argument
// itself where no such text exists. Lines that begin with '#' are comments. Immutable; thread-safe.
class Texts {
 public:
  // A service's catalogue is CommonTexts() and its own. FailedPrecondition with file and line when
  // a table is not of that form, lacks a language, or repeats an id.
  static absl::StatusOr<Texts> Parse(const std::vector<absl::Span<const EmbeddedFile>>& tables);

  bool Has(absl::string_view id) const { return rows_.contains(id); }

  // The text in `language`; in English when that is none of kLanguages. A text whose id is in no
  // table is shown as its id, and a placeholder without argument as it stands.
  std::string Get(const Text& text, absl::string_view language) const;

 private:
  using Row = std::array<absl::string_view, kLanguages.size()>;  // into the embedded files

  absl::Status Add(absl::string_view line);
  std::string Fill(absl::string_view form, const Text& text, size_t language) const;

  absl::flat_hash_map<absl::string_view, Row> rows_;
};

// Texts of errors and violations that any service, or the gateway before it, may answer with.
absl::Span<const EmbeddedFile> CommonTexts();

}  // namespace veche
