#include "services/appeals/routing/rule_relations.h"

#include <algorithm>
#include <bitset>
#include <set>
#include <string>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace veche::appeals {
namespace {

using Stems = std::vector<std::string>;  // of one keyword, sorted

// Above this number, a rule is not split into its categories and districts.
constexpr size_t kMostParts = 256;

// The conditions of a rule, in a form that can be compared.
struct Reach {
  size_t index = 0;  // the rule's place in the request
  const RoutingRule* rule = nullptr;
  std::set<std::string> categories;                                        // empty: any
  std::set<std::string> districts;                                         // empty: any
  std::set<Stems> keywords;                                                // empty: any
  absl::flat_hash_map<std::string, std::vector<Stems>> keywords_by_first;  // by their first stem
  std::bitset<kMinutesOfDay> minutes;
  std::bitset<8> weekdays;
  std::bitset<3> classes;
  Priority priority_at_least = Priority::kUnknown;

  bool operator==(const Reach& other) const {
    return categories == other.categories && districts == other.districts &&
           keywords == other.keywords && minutes == other.minutes && weekdays == other.weekdays &&
           classes == other.classes && priority_at_least == other.priority_at_least;
  }
};

Reach ReachOf(const IndexedRule& indexed) {
  const RoutingCondition& when = indexed.rule->when;
  Reach reach{.index = indexed.index, .rule = indexed.rule};
  reach.categories = {when.categories.begin(), when.categories.end()};
  reach.districts = {when.districts.begin(), when.districts.end()};
  for (const std::string& keyword : when.keywords) reach.keywords.insert(KeywordStems(keyword));
  for (const Stems& stems : reach.keywords) reach.keywords_by_first[stems[0]].push_back(stems);
  for (int minute = 0; minute < kMinutesOfDay; ++minute) {
    reach.minutes[static_cast<size_t>(minute)] = !when.hours || when.hours->Holds(minute);
  }
  for (int day = 1; day <= 7; ++day) {
    reach.weekdays[static_cast<size_t>(day)] =
        when.weekdays.empty() || absl::c_linear_search(when.weekdays, day);
  }
  for (Class one : {Class::kFormal, Class::kMessage}) {
    reach.classes[static_cast<size_t>(one)] =
        when.classes.empty() || absl::c_linear_search(when.classes, one);
  }
  reach.priority_at_least = when.priority_at_least;
  return reach;
}

// A part of a rule's conditions: one of its categories and districts, or (null) all of them.
struct Part {
  const std::string* category = nullptr;
  const std::string* district = nullptr;
};

std::vector<Part> PartsOf(const Reach& reach) {
  const size_t categories = std::max<size_t>(1, reach.categories.size());
  const size_t districts = std::max<size_t>(1, reach.districts.size());
  if (categories * districts > kMostParts) return {Part()};
  std::vector<Part> parts = {Part()};
  auto split = [&parts](const std::set<std::string>& names, auto field) {
    if (names.empty()) return;
    std::vector<Part> finer;
    for (const Part& part : parts) {
      for (const std::string& name : names) {
        finer.push_back(part);
        finer.back().*field = &name;
      }
    }
    parts = std::move(finer);
  };
  split(reach.categories, &Part::category);
  split(reach.districts, &Part::district);
  return parts;
}

// Whether `wide` matches every name of `narrow`, or the one name of a part.
bool Covers(const std::set<std::string>& wide, const std::set<std::string>& narrow,
            const std::string* part) {
  if (wide.empty()) return true;
  if (part != nullptr) return wide.contains(*part);
  return !narrow.empty() && absl::c_includes(wide, narrow);
}

// Whether each keyword of `narrow` holds all words of some keyword of `wide`.
bool CoversKeywords(const Reach& wide, const Reach& narrow) {
  if (wide.keywords.empty()) return true;
  auto covered = [&wide](const Stems& longer) {
    for (const std::string& stem : longer) {
      auto it = wide.keywords_by_first.find(stem);
      if (it == wide.keywords_by_first.end()) continue;
      for (const Stems& shorter : it->second) {
        if (absl::c_includes(longer, shorter)) return true;
      }
    }
    return false;
  };
  return !narrow.keywords.empty() && absl::c_all_of(narrow.keywords, covered);
}

// Whether `wide` matches everything that `narrow` matches, apart from category and district.
bool CoversTheRest(const Reach& wide, const Reach& narrow) {
  return (narrow.minutes & ~wide.minutes).none() && (narrow.weekdays & ~wide.weekdays).none() &&
         (narrow.classes & ~wide.classes).none() &&
         wide.priority_at_least <= narrow.priority_at_least && CoversKeywords(wide, narrow);
}

// The same for category and district of a part of `narrow`.
bool CoversPart(const Reach& wide, const Reach& narrow, const Part& part) {
  return Covers(wide.categories, narrow.categories, part.category) &&
         Covers(wide.districts, narrow.districts, part.district);
}

// Whether `rule` takes every appeal that it matches, so that none reaches a later rule that asks
// for `categories`.
bool EndsFor(const RoutingRule& rule, const std::set<std::string>& categories) {
  if (!rule.department.empty()) return true;
  return !categories.empty() && !categories.contains(rule.category);
}

class Relations {
 public:
  Relations(std::vector<IndexedRule> rules, Violations& violations) : violations_(violations) {
    absl::c_stable_sort(rules, [](const IndexedRule& left, const IndexedRule& right) {
      return left.rule->order < right.rule->order;
    });
    for (const IndexedRule& rule : rules) reaches_.push_back(ReachOf(rule));
  }

  void Check() {
    for (size_t i = 0; i < reaches_.size(); ++i) {
      if (!Contradicts(i)) CheckShadow(i);
    }
    CheckCircles();
  }

 private:
  void Add(const Reach& reach, absl::string_view field, const Text& problem) {
    violations_.Add(absl::StrCat("rules[", reach.index, "].", field), problem);
  }

  bool Contradicts(size_t i) {
    const Reach& one = reaches_[i];
    for (size_t j = i; j-- > 0 && reaches_[j].rule->order == one.rule->order;) {
      const Reach& other = reaches_[j];
      const bool departments = one.rule->department != other.rule->department;
      const bool categories = one.rule->category != other.rule->category;
      if (!(departments || categories) || !(one == other)) continue;
      Add(one, departments ? "department" : "category",
          {"RULE_CONTRADICTS", {{"other", other.rule->id}}});
      return true;
    }
    return false;
  }

  void CheckShadow(size_t i) {
    const Reach& late = reaches_[i];
    const std::vector<size_t> early = PossibleTakers(i);
    std::set<size_t> takers;
    for (const Part& part : PartsOf(late)) {
      const auto taker =
          absl::c_find_if(early, [&](size_t k) { return CoversPart(reaches_[k], late, part); });
      if (taker == early.end()) return;
      takers.insert(*taker);
    }
    auto id = [this](std::string* out, size_t k) { out->append(reaches_[k].rule->id); };
    Add(late, "when", {"RULE_SHADOWED", {{"others", absl::StrJoin(takers, "\", \"", id)}}});
  }

  // The rules before the `i`-th that together take every category and district of the `i`-th.
  std::vector<size_t> PossibleTakers(size_t i) const {
    const Reach& late = reaches_[i];
    const size_t changed = LastChangeInto(late, i);
    std::vector<size_t> takers;
    for (size_t k = 0; k < i; ++k) {
      const Reach& early = reaches_[k];
      if (!early.categories.empty() && k + 1 < changed) continue;
      if (EndsFor(*early.rule, late.categories) && CoversTheRest(early, late)) takers.push_back(k);
    }
    return takers;
  }

  // One more than the place of the last rule before `i` that changes categories to one of `late`'s:
  // the category conditions of rules before that one do not count.
  size_t LastChangeInto(const Reach& late, size_t i) const {
    for (size_t k = i; k-- > 0;) {
      if (late.categories.contains(reaches_[k].rule->category)) return k + 1;
    }
    return 0;
  }

  // The changes of category as a graph. A rule without a category condition also changes the
  // categories that earlier rules gave.
  void CheckCircles() {
    for (size_t i = 0; i < reaches_.size(); ++i) {
      const Reach& reach = reaches_[i];
      if (reach.rule->category.empty()) continue;
      std::set<std::string> from = reach.categories;
      for (size_t k = 0; reach.categories.empty() && k < i; ++k) {
        if (!reaches_[k].rule->category.empty()) from.insert(reaches_[k].rule->category);
      }
      for (const std::string& category : from) {
        if (category == reach.rule->category) continue;
        std::vector<std::string> way = {category};
        absl::flat_hash_set<std::string> seen;
        if (Leads(reach.rule->category, category, way, seen)) {
          Add(reach, "category", {"RULE_CIRCLE", {{"way", absl::StrJoin(way, " → ")}}});
          break;
        }
      }
      for (const std::string& category : from) changes_[category].insert(reach.rule->category);
    }
  }

  // Whether the known changes lead from one category to another; `way` is then the path.
  bool Leads(const std::string& from, const std::string& to, std::vector<std::string>& way,
             absl::flat_hash_set<std::string>& seen) const {
    way.push_back(from);
    if (from == to) return true;
    if (seen.insert(from).second) {
      if (auto it = changes_.find(from); it != changes_.end()) {
        for (const std::string& next : it->second) {
          if (Leads(next, to, way, seen)) return true;
        }
      }
    }
    way.pop_back();
    return false;
  }

  Violations& violations_;
  std::vector<Reach> reaches_;  // in the order in which rules are tried
  absl::flat_hash_map<std::string, std::set<std::string>> changes_;
};

}  // namespace

void CheckRelations(std::vector<IndexedRule> rules, Violations& violations) {
  Relations(std::move(rules), violations).Check();
}

}  // namespace veche::appeals
