#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "services/appeals/domain/appeal.h"

// What a city's rules of routing are. Pure.

namespace veche::appeals {

inline constexpr int kMinutesOfDay = 24 * 60;

// A part of each day, in minutes since midnight: from the first to before the last. One that ends
// before it begins goes over midnight.
struct DayWindow {
  int from = 0;  // 0..1439
  int to = 0;    // 0..1440; never `from`

  bool Holds(int minute) const {
    return from < to ? from <= minute && minute < to : minute >= from || minute < to;
  }
};

// What an appeal must be for a rule to take it. What is empty asks for nothing; of several values
// one is enough.
struct RoutingCondition {
  std::vector<std::string> categories;  // names
  std::vector<std::string> districts;   // names
  std::vector<std::string> keywords;    // all words of one of them are in the text, in any form
  std::vector<int> weekdays;            // 1 Monday … 7 Sunday
  std::optional<DayWindow> hours;
  std::vector<Class> classes;
  Priority priority_at_least = Priority::kUnknown;
};

// One rule. Rules are tried by `order`, those of the same order as they stand in the set. The first
// with a department that takes an appeal ends the search; one that has only a category changes it
// for the rules after it.
struct RoutingRule {
  std::string id;
  std::string title;
  RoutingCondition when;
  std::string department;  // name, "" to leave it to others
  std::string category;    // name, "" to leave it
  bool enabled = true;
  int order = 0;
};

// What rules look at. Points into what it was made of.
struct RoutingFacts {
  absl::string_view category;
  absl::string_view district;
  absl::Span<const std::string> terms;  // text::SearchTerms of the text: sorted
  Class appeal_class = Class::kMessage;
  Priority priority = Priority::kUnknown;
  int weekday = 1;  // when it was written, in the city's time
  int minute = 0;
};

// The stems of a keyword, sorted, each once: what text::SearchTerms makes of it.
std::vector<std::string> KeywordStems(absl::string_view keyword);

}  // namespace veche::appeals
