#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/text/language.h"
#include "services/classification/wording/phrases.h"

namespace veche::classification {

// A danger that a text tells of.
struct Emergency {
  std::string kind;      // "gas"
  std::string evidence;  // the words of the text that told, as written
  bool operator==(const Emergency&) const = default;
};

// Danger to people, found by rule and not by learning: recall comes first. Immutable, thread-safe.
class EmergencyRules {
 public:
  // `rules`: lines "kind <tab> effect <tab> pattern" (kind "*": every kind) under a header, with
  // the effects
  //   match     tells of danger, unless one of these takes it back:
  //   unless    in its sentence, near it: the words mean something else
  //   past      in its sentence, near it, without a `now` there: it is over for long
  //   maybe     before it in its sentence: it is feared, asked about or advised
  //   resolved  in its sentence or the two after it: somebody has dealt with it
  //   again     between the two in one sentence: what is dealt with is not this
  //   now       takes back `past` in its sentence
  //   sure      a match that no `maybe` takes back
  // A line "@name <tab> list <tab> a|b" before them names alternatives that patterns may use.
  // `advice`: lines "kind <tab> ru <tab> uk <tab> tt <tab> en", gravest first. InvalidArgument with
  // the line when something cannot be read.
  static absl::StatusOr<EmergencyRules> Parse(absl::string_view rules, absl::string_view advice);

  // The gravest danger in the text.
  std::optional<Emergency> Find(absl::string_view text) const { return Find(text, WordScan(text)); }
  // The same with what `scan` found in `text`.
  std::optional<Emergency> Find(absl::string_view text, const WordScan& scan) const;

  // What to do at once, in Russian when `language` is not known.
  absl::string_view Advice(absl::string_view kind, text::Language language) const;

  // Gravest first.
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
  bool TakesBack(const PhraseMatch& other, const PhraseMatch& match,
                 const std::vector<PhraseMatch>& all) const;
  // Whether the text says, after what was dealt with, that this is there again.
  bool IsAgain(const PhraseMatch& resolved, const PhraseMatch& match,
               const std::vector<PhraseMatch>& all) const;
  bool HasNow(size_t kind, size_t sentence, const std::vector<PhraseMatch>& all) const;

  PhraseMatcher matcher_;
  std::vector<Rule> rules_;  // by pattern
  std::vector<KindAdvice> advice_;
};

}  // namespace veche::classification
