#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "services/appeals/domain/appeal.h"

// The city's rules of routing. Pure.

namespace veche::appeals {

inline constexpr int kMinutesOfDay = 24 * 60;

// A part of each day, in minutes since midnight: `from` is included, `to` is not. When `to` is
// before `from`, it goes over midnight.
struct DayWindow {
  int from = 0;  // 0..1439
  int to = 0;    // 0..1440; never `from`

  bool Holds(int minute) const {
    return from < to ? from <= minute && minute < to : minute >= from || minute < to;
  }
};

// The conditions of a rule. An empty condition is met by every appeal; of several values one is
// enough.
struct RoutingCondition {
  std::vector<std::string> categories;  // names
  std::vector<std::string> districts;   // names
  std::vector<std::string> keywords;    // all words of one of them are in the text, in any form
  std::vector<int> weekdays;            // 1 Monday … 7 Sunday
  std::optional<DayWindow> hours;
  std::vector<Class> classes;
  Priority priority_at_least = Priority::kUnknown;
};

// One rule. Rules are tried by `order`, rules of the same order as they stand in the set. The first
// matching rule with a department ends the search; a matching rule with a category alone changes
// the category for the rules after it.
struct RoutingRule {
  std::string id;
  std::string title;
  RoutingCondition when;
  std::string department;  // name, "" for none
  std::string category;    // name, "" to keep the category
  bool enabled = true;
  int order = 0;
};

// The facts that rules test. Points into the values that it was made of.
struct RoutingFacts {
  absl::string_view category;
  absl::string_view district;
  absl::Span<const std::string> terms;  // text::SearchTerms of the text: sorted
  Class appeal_class = Class::kMessage;
  Priority priority = Priority::kUnknown;
  int weekday = 1;  // when it was written, in the city's time
  int minute = 0;
};

// The stems of a keyword, sorted, without repeats: the result of text::SearchTerms.
std::vector<std::string> KeywordStems(absl::string_view keyword);

}  // namespace veche::appeals
