#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/text/language.h"
#include "services/classification/phrases.h"

namespace veche::classification {

// Danger to people, found by rule and not by learning: recall comes first. Immutable, thread-safe.
class EmergencyRules {
 public:
  // `rules`: lines "kind <tab> match|unless|resolved <tab> pattern" (kind "*": every kind) under a
  // header. An `unless` in the sentence of a match takes it back; a `resolved` in it or after it,
  // too. `advice`: lines "kind <tab> ru <tab> uk <tab> tt <tab> en", gravest first.
  // InvalidArgument with the line when something cannot be read.
  static absl::StatusOr<EmergencyRules> Parse(absl::string_view rules, absl::string_view advice);

  // The gravest kind of danger in the text.
  std::optional<std::string> Find(absl::string_view text) const;

  // What to do at once, in Russian when `language` is not known.
  absl::string_view Advice(absl::string_view kind, text::Language language) const;

  // Gravest first.
  std::vector<std::string> Kinds() const;

 private:
  enum class Effect { kMatch, kUnless, kResolved };
  struct Rule {
    size_t kind = 0;  // kAnyKind for "*"
    Effect effect = Effect::kMatch;
  };
  struct KindAdvice {
    std::string kind;
    std::string russian, ukrainian, tatar, english;
  };
  static constexpr size_t kAnyKind = static_cast<size_t>(-1);

  EmergencyRules(PhraseMatcher matcher, std::vector<Rule> rules, std::vector<KindAdvice> advice)
      : matcher_(std::move(matcher)), rules_(std::move(rules)), advice_(std::move(advice)) {}
  bool IsTakenBack(const PhraseMatch& match, const std::vector<PhraseMatch>& all) const;

  PhraseMatcher matcher_;
  std::vector<Rule> rules_;  // by pattern
  std::vector<KindAdvice> advice_;
};

}  // namespace veche::classification
