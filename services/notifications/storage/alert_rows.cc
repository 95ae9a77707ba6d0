#include "services/notifications/storage/alert_rows.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace veche::notifications {

std::string EncodeReferences(const std::vector<AlertReference>& references) {
  return absl::StrJoin(references, " ", [](std::string* out, const AlertReference& reference) {
    absl::StrAppend(out, reference.alert, ".", reference.revision, "@", ToMicros(reference.time));
  });
}

std::vector<AlertReference> DecodeReferences(absl::string_view text) {
  std::vector<AlertReference> references;
  for (absl::string_view item : absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(item, '@');
    const std::pair<absl::string_view, absl::string_view> name = absl::StrSplit(parts.first, '.');
    int64_t revision = 0, micros = 0;
    if (!absl::SimpleAtoi(name.second, &revision) || !absl::SimpleAtoi(parts.second, &micros)) {
      continue;
    }
    references.push_back({std::string(name.first), revision, FromMicros(micros)});
  }
  return references;
}

}  // namespace veche::notifications
