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

// The texts that people read, in every language, from tables texts.tsv with the columns id, en, ru,
// uk and tt. Ids are UPPER_SNAKE; an error's id is its reason. "{name}" in a text stands for the
// argument of that name, "{name:PREFIX_}" for the text whose id is PREFIX_ and the argument, or the
// argument itself where no such text exists. Lines that begin with '#' are comments. Immutable;
// thread-safe.
class Texts {
 public:
  // A service's catalogue is CommonTexts() and its own. FailedPrecondition with file and line when
  // a table has another form, lacks a language, or repeats an id. The tables must outlive the
  // result.
  static absl::StatusOr<Texts> Parse(const std::vector<absl::Span<const EmbeddedFile>>& tables);

  bool Has(absl::string_view id) const { return rows_.contains(id); }

  // The text in `language`, or in English when `language` is not one of kLanguages. Returns the id
  // itself when it is in no table; a placeholder without an argument stays in the text.
  std::string Get(const Text& text, absl::string_view language) const;

 private:
  using Row = std::array<absl::string_view, kLanguages.size()>;  // points into the embedded files

  absl::Status Add(absl::string_view line);
  std::string Fill(absl::string_view form, const Text& text, size_t language) const;

  absl::flat_hash_map<absl::string_view, Row> rows_;
};

// The texts of errors and violations that are common to all services and the gateway.
absl::Span<const EmbeddedFile> CommonTexts();

}  // namespace veche
