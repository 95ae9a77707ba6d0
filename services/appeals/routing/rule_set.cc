#include "services/appeals/routing/rule_set.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/numeric/bits.h"
#include "common/text/stem.h"

namespace veche::appeals {
namespace {

constexpr size_t kWord = 64;

void Set(RuleSet::Bits& bits, size_t rule) { bits[rule / kWord] |= uint64_t{1} << (rule % kWord); }

void Keep(RuleSet::Bits& bits, const RuleSet::Bits& others) {
  for (size_t i = 0; i < bits.size(); ++i) bits[i] &= others[i];
}

}  // namespace

std::vector<std::string> KeywordStems(absl::string_view keyword) {
  return text::SearchTerms(keyword);
}

RuleSet::RuleSet(std::vector<RoutingRule> rules) : rules_(std::move(rules)) {
  std::erase_if(rules_, [](const RoutingRule& rule) { return !rule.enabled; });
  std::stable_sort(
      rules_.begin(), rules_.end(),
      [](const RoutingRule& left, const RoutingRule& right) { return left.order < right.order; });
  const Bits none((rules_.size() + kWord - 1) / kWord);
  categories_.others = districts_.others = without_keywords_ = none;
  weekdays_.fill(none);
  classes_.fill(none);
  priorities_.fill(none);
  // Rules without the condition come first: their bits belong into the set of each name.
  for (size_t i = 0; i < rules_.size(); ++i) {
    if (rules_[i].when.categories.empty()) Set(categories_.others, i);
    if (rules_[i].when.districts.empty()) Set(districts_.others, i);
  }
  for (size_t i = 0; i < rules_.size(); ++i) {
    const RoutingCondition& when = rules_[i].when;
    AddNames(when.categories, i, categories_);
    AddNames(when.districts, i, districts_);
    AddValues(when, i);
  }
  AddKeywords();
}

void RuleSet::AddValues(const RoutingCondition& when, size_t rule) {
  for (size_t day = 1; day < weekdays_.size(); ++day) {
    if (when.weekdays.empty() ||
        std::count(when.weekdays.begin(), when.weekdays.end(), static_cast<int>(day)) > 0) {
      Set(weekdays_[day], rule);
    }
  }
  for (Class one : {Class::kFormal, Class::kMessage}) {
    if (when.classes.empty() || std::count(when.classes.begin(), when.classes.end(), one) > 0) {
      Set(classes_[static_cast<size_t>(one)], rule);
    }
  }
  for (size_t p = static_cast<size_t>(when.priority_at_least); p < priorities_.size(); ++p) {
    Set(priorities_[p], rule);
  }
}

void RuleSet::AddNames(const std::vector<std::string>& names, size_t rule, ByName& by_name) {
  for (const std::string& name : names) {
    Set(by_name.named.try_emplace(name, by_name.others).first->second, rule);
  }
}

void RuleSet::AddKeywords() {
  const Bits none = without_keywords_;
  absl::flat_hash_map<std::vector<std::string>, Bits> asked;
  absl::flat_hash_map<std::string, size_t> frequencies;
  for (size_t i = 0; i < rules_.size(); ++i) {
    if (rules_[i].when.keywords.empty()) Set(without_keywords_, i);
    for (const std::string& keyword : rules_[i].when.keywords) {
      const auto [it, fresh] = asked.try_emplace(KeywordStems(keyword), none);
      Set(it->second, i);
      if (!fresh) continue;
      for (const std::string& stem : it->first) ++frequencies[stem];
    }
  }
  for (auto& [stems, rules] : asked) {
    const auto rarest = absl::c_min_element(
        stems, [&frequencies](const std::string& left, const std::string& right) {
          return frequencies[left] < frequencies[right];
        });
    if (rarest == stems.end()) continue;
    by_stem_[*rarest].push_back(keywords_.size());
    keywords_.push_back({stems, std::move(rules)});
  }
}

const RuleSet::Bits& RuleSet::ByName::Of(absl::string_view name) const {
  auto it = named.find(name);
  return it == named.end() ? others : it->second;
}

RuleSet::Bits RuleSet::PassedByKeywords(absl::Span<const std::string> terms) const {
  Bits passed = without_keywords_;
  if (keywords_.empty()) return passed;
  for (const std::string& term : terms) {
    auto it = by_stem_.find(term);
    if (it == by_stem_.end()) continue;
    for (size_t keyword : it->second) {
      const auto& [stems, rules] = keywords_[keyword];
      if (stems.size() > 1 && !absl::c_includes(terms, stems)) continue;
      for (size_t word = 0; word < passed.size(); ++word) passed[word] |= rules[word];
    }
  }
  return passed;
}

RuleSet::Walk RuleSet::Begin(const RoutingFacts& facts) const {
  Bits passed = PassedByKeywords(facts.terms);
  Keep(passed, districts_.Of(facts.district));
  Keep(passed, weekdays_[static_cast<size_t>(facts.weekday)]);
  Keep(passed, classes_[static_cast<size_t>(facts.appeal_class)]);
  Keep(passed, priorities_[static_cast<size_t>(facts.priority)]);
  for (size_t word = 0; word < passed.size(); ++word) {
    for (uint64_t left = passed[word]; left != 0; left &= left - 1) {
      const size_t rule = word * kWord + static_cast<size_t>(absl::countr_zero(left));
      const std::optional<DayWindow>& hours = rules_[rule].when.hours;
      if (hours && !hours->Holds(facts.minute)) passed[word] &= ~(left & (~left + 1));
    }
  }
  return Walk(*this, std::move(passed));
}

const RoutingRule* RuleSet::Walk::Next(absl::string_view category) {
  const Bits& asked = set_.categories_.Of(category);
  while (position_ < set_.rules_.size()) {
    const size_t word = position_ / kWord;
    const uint64_t left = (passed_[word] & asked[word]) >> (position_ % kWord);
    if (left == 0) {
      position_ = (word + 1) * kWord;
      continue;
    }
    position_ += static_cast<size_t>(absl::countr_zero(left));
    return &set_.rules_[position_++];
  }
  return nullptr;
}

}  // namespace veche::appeals
