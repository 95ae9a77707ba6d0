#pragma once

#include <string>
#include <utility>
#include <vector>

#include "common/text/stem.h"
#include "services/appeals/domain/city_snapshot.h"
#include "services/appeals/routing/rule.h"

// A small city and rules for tests: fields that are not named do not matter.

namespace veche::appeals {

inline CitySnapshot SmallCity() {
  CitySnapshot city;
  for (const char* id : {"roads", "housing", "night", "dispatch"}) {
    const std::string name = std::string("departments/") + id;
    city.departments.insert(name);
    city.departments_by_kind[id].push_back(name);
  }
  city.categories["categories/potholes"] = {"Ямы", "departments/roads", 24, "none"};
  city.categories["categories/manholes"] = {"Люки", "departments/roads", 8, "none"};
  city.categories["categories/heating"] = {"Отопление", "departments/housing", 8, "none"};
  city.categories["categories/other"] = {"Прочее", "departments/housing", 240, "none"};
  city.district_names = {"districts/west", "districts/east"};
  return city;
}

// "c:potholes d:west k:люк" and so on: the condition in short. `t:22-06` are hours, `w:67`
// weekdays.
inline RoutingCondition When(const std::vector<std::string>& words) {
  RoutingCondition when;
  for (const std::string& word : words) {
    const std::string value = word.substr(2);
    switch (word[0]) {
      case 'c':
        when.categories.push_back("categories/" + value);
        break;
      case 'd':
        when.districts.push_back("districts/" + value);
        break;
      case 'k':
        when.keywords.push_back(value);
        break;
      case 't':
        when.hours = DayWindow{std::stoi(value) * 60, std::stoi(value.substr(3)) * 60};
        break;
      case 'w':
        for (char day : value) when.weekdays.push_back(day - '0');
        break;
      case 'f':
        when.classes.push_back(value == "formal" ? Class::kFormal : Class::kMessage);
        break;
      case 'p':
        when.priority_at_least = static_cast<Priority>(std::stoi(value));
        break;
    }
  }
  return when;
}

struct TestRule {
  std::vector<std::string> when;
  std::string department = "";  // id
  std::string category = "";    // id
  int order = 0;
  bool enabled = true;
};

// The rules get the ids "r0", "r1", …
inline std::vector<RoutingRule> MakeRules(const std::vector<TestRule>& wanted) {
  std::vector<RoutingRule> rules;
  for (const TestRule& one : wanted) {
    const std::string id = "r" + std::to_string(rules.size());
    rules.push_back({.id = id,
                     .title = "Правило " + id,
                     .when = When(one.when),
                     .department = one.department.empty() ? "" : "departments/" + one.department,
                     .category = one.category.empty() ? "" : "categories/" + one.category,
                     .enabled = one.enabled,
                     .order = one.order});
  }
  return rules;
}

}  // namespace veche::appeals
