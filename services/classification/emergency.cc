#include "services/classification/emergency.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/classification/tsv.h"

namespace veche::classification {

absl::StatusOr<EmergencyRules> EmergencyRules::Parse(absl::string_view rules,
                                                     absl::string_view advice) {
  ASSIGN_OR_RETURN(Table advice_table, ParseTable(advice, {"kind", "ru", "uk", "tt", "en"}));
  std::vector<KindAdvice> kinds;
  for (const TableRow& row : advice_table.rows) {
    kinds.push_back({row.cells[0], row.cells[1], row.cells[2], row.cells[3], row.cells[4]});
  }
  ASSIGN_OR_RETURN(Table rule_table, ParseTable(rules, {"kind", "effect", "pattern"}));
  std::vector<Rule> parsed;
  std::vector<std::string> patterns;
  for (const TableRow& row : rule_table.rows) {
    Rule rule = {.kind = kAnyKind, .effect = Effect::kMatch};
    if (row.cells[0] != "*") {
      const auto kind = std::find_if(kinds.begin(), kinds.end(), [&row](const KindAdvice& known) {
        return known.kind == row.cells[0];
      });
      if (kind == kinds.end()) {
        return LineError(row.line, absl::StrCat("no advice for the kind \"", row.cells[0], "\""));
      }
      rule.kind = static_cast<size_t>(kind - kinds.begin());
    }
    if (row.cells[1] == "unless") {
      rule.effect = Effect::kUnless;
    } else if (row.cells[1] == "resolved") {
      rule.effect = Effect::kResolved;
    } else if (row.cells[1] != "match" || rule.kind == kAnyKind) {
      return LineError(row.line, absl::StrCat("unknown effect \"", row.cells[1], "\""));
    }
    parsed.push_back(rule);
    patterns.push_back(row.cells[2]);
  }
  ASSIGN_OR_RETURN(PhraseMatcher matcher, PhraseMatcher::Compile(patterns));
  return EmergencyRules(std::move(matcher), std::move(parsed), std::move(kinds));
}

bool EmergencyRules::IsTakenBack(const PhraseMatch& match,
                                 const std::vector<PhraseMatch>& all) const {
  return std::any_of(all.begin(), all.end(), [&](const PhraseMatch& other) {
    const Rule& rule = rules_[other.pattern];
    if (rule.kind != kAnyKind && rule.kind != rules_[match.pattern].kind) return false;
    if (rule.effect == Effect::kUnless) return other.sentence == match.sentence;
    return rule.effect == Effect::kResolved && other.sentence >= match.sentence;
  });
}

std::optional<std::string> EmergencyRules::Find(absl::string_view text) const {
  const std::vector<PhraseMatch> all = matcher_.Find(text);
  size_t gravest = kAnyKind;
  for (const PhraseMatch& match : all) {
    const Rule& rule = rules_[match.pattern];
    if (rule.effect != Effect::kMatch || rule.kind >= gravest || IsTakenBack(match, all)) continue;
    gravest = rule.kind;
  }
  if (gravest == kAnyKind) return std::nullopt;
  return advice_[gravest].kind;
}

absl::string_view EmergencyRules::Advice(absl::string_view kind, text::Language language) const {
  for (const KindAdvice& advice : advice_) {
    if (advice.kind != kind) continue;
    switch (language) {
      case text::Language::kUkrainian:
        return advice.ukrainian;
      case text::Language::kTatar:
        return advice.tatar;
      case text::Language::kEnglish:
        return advice.english;
      case text::Language::kRussian:
      case text::Language::kUnknown:
        return advice.russian;
    }
  }
  return "";
}

std::vector<std::string> EmergencyRules::Kinds() const {
  std::vector<std::string> kinds;
  for (const KindAdvice& advice : advice_) kinds.push_back(advice.kind);
  return kinds;
}

}  // namespace veche::classification
