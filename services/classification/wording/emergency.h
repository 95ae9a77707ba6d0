#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/text/language.h"
#include "services/classification/wording/phrases.h"

namespace veche::classification {

// A danger to people that a text reports.
struct Emergency {
  std::string kind;      // "gas"
  std::string evidence;  // the words of the text that report it, as written
  bool operator==(const Emergency&) const = default;
};

// Finds danger to people by fixed rules, which favour recall. Immutable, thread-safe.
class EmergencyRules {
 public:
  // `rules`: lines "kind <tab> effect <tab> pattern" (kind "*": every kind) under a header, with
  // the effects
  //   match     reports danger, unless one of the next four cancels it:
  //   unless    near the match in its sentence: the words mean something else
  //   past      near the match in its sentence, without a `now` there: the danger is long over
  //   maybe     before the match in its sentence: the danger is feared, asked about or advised
  //   resolved  in its sentence or the two after it: the danger was dealt with
  //   again     between `resolved` and the match in one sentence: `resolved` does not cancel
  //   now       `past` does not cancel in this sentence
  //   sure      a match that `maybe` does not cancel
  // A line "@name <tab> list <tab> a|b" before the patterns names alternatives for use in them.
  // `advice`: lines "kind <tab> ru <tab> uk <tab> tt <tab> en", gravest kind first. InvalidArgument
  // with the line that cannot be read.
  static absl::StatusOr<EmergencyRules> Parse(absl::string_view rules, absl::string_view advice);

  // The gravest danger in the text; nullopt when there is none.
  std::optional<Emergency> Find(absl::string_view text) const { return Find(text, WordScan(text)); }
  // The same with the scan of `text`.
  std::optional<Emergency> Find(absl::string_view text, const WordScan& scan) const;

  // What to do at once; in Russian when `language` is unknown.
  absl::string_view Advice(absl::string_view kind, text::Language language) const;

  // All kinds, gravest first.
  std::vector<std::string> Kinds() const;

 private:
  enum class Effect { kMatch, kSure, kUnless, kPast, kMaybe, kResolved, kNow, kAgain };
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
  static std::optional<Effect> EffectOf(absl::string_view name);
  bool Cancels(const PhraseMatch& other, const PhraseMatch& match,
               const std::vector<PhraseMatch>& all) const;
  // Whether an `again` stands between `resolved` and `match`.
  bool IsAgain(const PhraseMatch& resolved, const PhraseMatch& match,
               const std::vector<PhraseMatch>& all) const;
  bool HasNow(size_t kind, size_t sentence, const std::vector<PhraseMatch>& all) const;

  PhraseMatcher matcher_;
  std::vector<Rule> rules_;  // by pattern
  std::vector<KindAdvice> advice_;
};

}  // namespace veche::classification
