#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "services/appeals/routing/rule.h"

namespace veche::appeals {

// Rules prepared for matching: for each value of each condition, the set of rules that match it, as
// bits. An appeal costs one look-up for each condition and one for each word of its text, however
// many rules and keywords there are. Immutable, thread-safe.
class RuleSet {
 public:
  using Bits = std::vector<uint64_t>;

  RuleSet() : RuleSet(std::vector<RoutingRule>()) {}
  // REQUIRES: CheckRules reports no fault. Rules that are not enabled are left out.
  explicit RuleSet(std::vector<RoutingRule> rules);

  // In the order in which the rules are tried.
  const std::vector<RoutingRule>& rules() const { return rules_; }

  // The rules that match one appeal, one after the other.
  class Walk {
   public:
    // The next matching rule, where the appeal has `category` now; null after the last.
    const RoutingRule* Next(absl::string_view category);

   private:
    friend class RuleSet;
    Walk(const RuleSet& set, Bits passed) : set_(set), passed_(std::move(passed)) {}

    const RuleSet& set_;
    const Bits passed_;  // by every condition but the category
    size_t position_ = 0;
  };
  // The set must outlive the walk.
  Walk Begin(const RoutingFacts& facts) const;

 private:
  // The rules that match one value of a condition.
  struct ByName {
    Bits others;  // rules without this condition
    absl::flat_hash_map<std::string, Bits> named;
    const Bits& Of(absl::string_view name) const;
  };
  struct Keyword {
    std::vector<std::string> stems;  // that must be there, sorted
    Bits rules;                      // rules that ask for the keyword
  };

  void AddNames(const std::vector<std::string>& names, size_t rule, ByName& by_name);
  void AddValues(const RoutingCondition& when, size_t rule);
  void AddKeywords();
  Bits PassedByKeywords(absl::Span<const std::string> terms) const;

  std::vector<RoutingRule> rules_;
  ByName categories_;
  ByName districts_;
  std::array<Bits, 8> weekdays_;  // by number
  std::array<Bits, 3> classes_;
  std::array<Bits, 5> priorities_;
  Bits without_keywords_;
  std::vector<Keyword> keywords_;
  // Indexes of keywords_, by the stem of each keyword that the fewest other keywords have, so that
  // a frequent word of a text leads to few keywords.
  absl::flat_hash_map<std::string, std::vector<size_t>> by_stem_;
};

}  // namespace veche::appeals
