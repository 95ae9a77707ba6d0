#include "services/classification/wording/emergency.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/base/status_macros.h"
#include "services/classification/domain/tsv.h"

namespace veche::classification {
namespace {

constexpr size_t kReach = 12;  // words between a match and the rule that cancels it
constexpr size_t kSentencesUntilResolved = 2;

using Lists = std::map<std::string, std::string>;  // "@person" → "man|woman"

std::string WithLists(std::string pattern, const Lists& lists) {
  for (const auto& [name, alternatives] : lists) {
    absl::StrReplaceAll({{name, alternatives}}, &pattern);
  }
  return pattern;
}

}  // namespace

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
  Lists lists;
  for (const TableRow& row : rule_table.rows) {
    if (absl::StartsWith(row.cells[0], "@")) {
      if (row.cells[1] != "list")
        return LineError(row.line, "a name with @ needs the effect \"list\"");
      std::string& list = lists[row.cells[0]];
      absl::StrAppend(&list, list.empty() ? "" : "|", row.cells[2]);
      continue;
    }
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
    const std::optional<Effect> effect = EffectOf(row.cells[1]);
    const bool matches = effect == Effect::kMatch || effect == Effect::kSure;
    if (!effect || (rule.kind == kAnyKind && matches)) {
      return LineError(row.line, absl::StrCat("unknown effect \"", row.cells[1], "\""));
    }
    rule.effect = *effect;
    parsed.push_back(rule);
    patterns.push_back(WithLists(row.cells[2], lists));
  }
  ASSIGN_OR_RETURN(PhraseMatcher matcher, PhraseMatcher::Compile(patterns));
  return EmergencyRules(std::move(matcher), std::move(parsed), std::move(kinds));
}

std::optional<EmergencyRules::Effect> EmergencyRules::EffectOf(absl::string_view name) {
  constexpr std::pair<absl::string_view, Effect> kEffects[] = {
      {"match", Effect::kMatch}, {"sure", Effect::kSure},   {"unless", Effect::kUnless},
      {"past", Effect::kPast},   {"maybe", Effect::kMaybe}, {"resolved", Effect::kResolved},
      {"now", Effect::kNow},     {"again", Effect::kAgain},
  };
  for (const auto& [known, effect] : kEffects) {
    if (known == name) return effect;
  }
  return std::nullopt;
}

bool EmergencyRules::HasNow(size_t kind, size_t sentence,
                            const std::vector<PhraseMatch>& all) const {
  return std::any_of(all.begin(), all.end(), [&](const PhraseMatch& other) {
    const Rule& rule = rules_[other.pattern];
    return rule.effect == Effect::kNow && other.sentence == sentence &&
           (rule.kind == kAnyKind || rule.kind == kind);
  });
}

bool EmergencyRules::IsAgain(const PhraseMatch& resolved, const PhraseMatch& match,
                             const std::vector<PhraseMatch>& all) const {
  if (resolved.sentence != match.sentence || resolved.last >= match.last) return false;
  return std::any_of(all.begin(), all.end(), [&](const PhraseMatch& other) {
    return rules_[other.pattern].effect == Effect::kAgain && other.sentence == match.sentence &&
           other.first > resolved.last && other.first <= match.last + 1;
  });
}

bool EmergencyRules::Cancels(const PhraseMatch& other, const PhraseMatch& match,
                             const std::vector<PhraseMatch>& all) const {
  const Rule& rule = rules_[other.pattern];
  if (rule.kind != kAnyKind && rule.kind != rules_[match.pattern].kind) return false;
  const bool sure = rules_[match.pattern].effect == Effect::kSure;
  const bool near = other.sentence == match.sentence && other.first <= match.last + kReach &&
                    match.first <= other.last + kReach;
  switch (rule.effect) {
    case Effect::kUnless:
      return near;
    case Effect::kPast:
      return near && !HasNow(rules_[match.pattern].kind, match.sentence, all);
    case Effect::kMaybe:
      return near && !sure && other.first <= match.last;
    case Effect::kResolved:
      // «устранили, и вот снова пахнет»: the rule resolved an earlier danger.
      if (IsAgain(other, match, all)) return false;
      return other.sentence >= match.sentence &&
             other.sentence - match.sentence <= kSentencesUntilResolved;
    case Effect::kMatch:
    case Effect::kSure:
    case Effect::kNow:
    case Effect::kAgain:
      break;
  }
  return false;
}

std::optional<Emergency> EmergencyRules::Find(absl::string_view text, const WordScan& scan) const {
  const std::vector<PhraseMatch> all = matcher_.Find(scan);
  const PhraseMatch* gravest = nullptr;
  for (const PhraseMatch& match : all) {
    const Rule& rule = rules_[match.pattern];
    if (rule.effect != Effect::kMatch && rule.effect != Effect::kSure) continue;
    if (gravest != nullptr && rule.kind >= rules_[gravest->pattern].kind) continue;
    const bool taken_back = std::any_of(all.begin(), all.end(), [&](const PhraseMatch& other) {
      return Cancels(other, match, all);
    });
    if (!taken_back) gravest = &match;
  }
  if (gravest == nullptr) return std::nullopt;
  return Emergency{advice_[rules_[gravest->pattern].kind].kind,
                   scan.Quote(text, gravest->first, gravest->last)};
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
