#include "services/appeals/calls/entry_texts.h"

#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace veche::appeals {

std::string EntryTexts::Get(Text text) const {
  if (text.empty()) return "";
  const bool names_resources =
      text.id == "NEW_CATEGORY" || text.id == "CATEGORY_BY_RULE" || text.id == "NEW_DISTRICT";
  std::string reasons;
  for (auto& [name, value] : text.arguments) {
    if (names_resources && (name == "from" || name == "to")) value = TitleOf(value);
    if (text.id == "NEW_PRIORITY" && name == "reasons") reasons = Reasons(value);
  }
  return absl::StrCat(texts_.Get(text, language_), reasons.empty() ? "" : "\n", reasons);
}

std::string EntryTexts::TitleOf(absl::string_view name) const {
  if (name.empty()) return texts_.Get("TITLE_NONE", language_);
  std::string title = city_ == nullptr ? "" : city_->TitleOf(name, language_);
  return title.empty() ? texts_.Get("TITLE_UNKNOWN", language_) : title;
}

// `codes`: "risky_topic +30, repeats +5".
std::string EntryTexts::Reasons(absl::string_view codes) const {
  std::vector<std::string> reasons;
  for (absl::string_view code : absl::StrSplit(codes, ", ", absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(code, absl::MaxSplits(' ', 1));
    std::string id = absl::StrCat("REASON_", absl::AsciiStrToUpper(parts.first));
    // A city's classifier may have reasons of its own.
    if (!texts_.Has(id)) id = "REASON_OTHER";
    reasons.push_back(absl::StrCat(texts_.Get(Text(id), language_), " ", parts.second));
  }
  return absl::StrJoin(reasons, ", ");
}

}  // namespace veche::appeals
