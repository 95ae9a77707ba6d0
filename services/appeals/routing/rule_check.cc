#include "services/appeals/routing/rule_check.h"

#include <algorithm>
#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/text/utf8.h"
#include "services/appeals/domain/names.h"
#include "services/appeals/routing/rule_relations.h"

namespace veche::appeals {
namespace {

constexpr size_t kLongestId = 64;
constexpr size_t kLongestTitle = 200;
constexpr size_t kLongestKeyword = 100;
constexpr size_t kMostValues = 200;  // of one condition
constexpr int kLargestOrder = 1'000'000;

bool IsRuleId(absl::string_view id) {
  return !id.empty() && id.size() <= kLongestId && std::all_of(id.begin(), id.end(), [](char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-' || c == '_';
  });
}

bool AsksForNothing(const RoutingCondition& when) {
  return when.categories.empty() && when.districts.empty() && when.keywords.empty() &&
         when.weekdays.empty() && !when.hours && when.classes.empty() &&
         when.priority_at_least == Priority::kUnknown;
}

// Checks one rule by itself. False when it cannot be compared with other rules.
class RuleChecker {
 public:
  RuleChecker(size_t index, const CitySnapshot& city, Violations& violations)
      : path_(absl::StrCat("rules[", index, "].")), city_(city), violations_(violations) {}

  bool Check(const RoutingRule& rule) {
    if (!IsRuleId(rule.id)) {
      Add("id", "RULE_ID");
    }
    const Text title = text::TextProblem(
        rule.title, {.min_characters = 1, .max_characters = kLongestTitle, .single_line = true});
    if (!title.empty()) Add("title", title);
    if (rule.order < 0 || rule.order > kLargestOrder) {
      Add("order", {"OUT_OF_RANGE", {{"least", "0"}, {"most", absl::StrCat(kLargestOrder)}}});
    }
    CheckCondition(rule.when);
    CheckResult(rule);
    return fine_;
  }

 private:
  void Add(absl::string_view field, const Text& problem) {
    violations_.Add(absl::StrCat(path_, field), problem);
    fine_ = false;
  }

  void CheckCondition(const RoutingCondition& when) {
    if (AsksForNothing(when)) {
      Add("when", "RULE_ASKS_NOTHING");
    }
    CheckNames(when.categories, "categories",
               [this](const std::string& name) { return city_.FindCategory(name) != nullptr; });
    CheckNames(when.districts, "districts",
               [this](const std::string& name) { return city_.district_names.contains(name); });
    if (CheckCount(when.keywords.size(), "keywords")) {
      for (size_t i = 0; i < when.keywords.size(); ++i) CheckKeyword(when.keywords, i);
    }
    if (when.hours && when.hours->from == when.hours->to) {
      Add("when.hours", "RULE_EMPTY_HOURS");
    }
  }

  template <typename Known>
  void CheckNames(const std::vector<std::string>& names, absl::string_view field, Known known) {
    if (!CheckCount(names.size(), field)) return;
    absl::flat_hash_set<absl::string_view> seen;
    for (size_t i = 0; i < names.size(); ++i) {
      const std::string path = absl::StrCat("when.", field, "[", i, "]");
      if (!IsNameIn(field, names[i])) {
        Add(path, {"NAME_FORM", {{"form", absl::StrCat(field, "/{id}")}}});
      } else if (!known(names[i])) {
        Add(path, {"NOT_IN_CITY", {{"list", field}}});
      } else if (!seen.insert(names[i]).second) {
        Add(path, "REPEATED");
      }
    }
  }

  bool CheckCount(size_t count, absl::string_view field) {
    if (count <= kMostValues) return true;
    Add(absl::StrCat("when.", field), {"TOO_MANY", {{"most", absl::StrCat(kMostValues)}}});
    return false;
  }

  void CheckKeyword(const std::vector<std::string>& keywords, size_t i) {
    const std::string path = absl::StrCat("when.keywords[", i, "]");
    const Text problem = text::TextProblem(
        keywords[i], {.min_characters = 1, .max_characters = kLongestKeyword, .single_line = true});
    if (!problem.empty()) {
      Add(path, problem);
    } else if (KeywordStems(keywords[i]).empty()) {
      Add(path, "RULE_NO_WORD");
    }
  }

  void CheckResult(const RoutingRule& rule) {
    if (rule.department.empty() && rule.category.empty()) {
      Add("department", "RULE_DOES_NOTHING");
    }
    if (!rule.department.empty() && !city_.departments.contains(rule.department)) {
      Add("department", {"NOT_IN_CITY", {{"list", "departments"}}});
    }
    if (rule.category.empty()) return;
    if (city_.FindCategory(rule.category) == nullptr) {
      Add("category", {"NOT_IN_CITY", {{"list", "categories"}}});
    } else if (rule.when.categories.size() == 1 && rule.when.categories[0] == rule.category) {
      Add("category", "RULE_SAME_CATEGORY");
    }
  }

  const std::string path_;
  const CitySnapshot& city_;
  Violations& violations_;
  bool fine_ = true;
};

}  // namespace

void CheckRules(const std::vector<RoutingRule>& rules, const CitySnapshot& city,
                Violations& violations) {
  if (rules.size() > kMostRules) {
    violations.Add("rules", {"TOO_MANY", {{"most", absl::StrCat(kMostRules)}}});
    return;
  }
  absl::flat_hash_set<absl::string_view> ids;
  std::vector<IndexedRule> comparable;
  for (size_t i = 0; i < rules.size(); ++i) {
    const bool fine = RuleChecker(i, city, violations).Check(rules[i]);
    if (!ids.insert(rules[i].id).second) {
      violations.Add(absl::StrCat("rules[", i, "].id"), "RULE_ID_TAKEN");
    }
    if (fine && rules[i].enabled) comparable.push_back({i, &rules[i]});
  }
  CheckRelations(std::move(comparable), violations);
}

}  // namespace veche::appeals
