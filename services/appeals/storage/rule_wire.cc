#include "services/appeals/storage/rule_wire.h"

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace veche::appeals {
namespace {

// "HH:MM" in minutes since midnight, at most `latest`.
std::optional<int> MinuteFrom(absl::string_view time, int latest) {
  int hour = 0;
  int minute = 0;
  if (time.size() != 5 || time[2] != ':' || !absl::ascii_isdigit(time[0]) ||
      !absl::ascii_isdigit(time[3]) || !absl::SimpleAtoi(time.substr(0, 2), &hour) ||
      !absl::SimpleAtoi(time.substr(3), &minute)) {
    return std::nullopt;
  }
  const int result = hour * 60 + minute;
  if (minute > 59 || result > latest) return std::nullopt;
  return result;
}

std::string TimeToWire(int minute) {
  return absl::StrFormat("%02d:%02d", minute / 60, minute % 60);
}

// Reads the condition of one rule.
class ConditionReader {
 public:
  ConditionReader(std::string path, Violations& violations)
      : path_(std::move(path)), violations_(violations) {}

  RoutingCondition Read(const v1::RoutingRule::When& wire) {
    RoutingCondition when;
    when.categories = {wire.categories().begin(), wire.categories().end()};
    when.districts = {wire.districts().begin(), wire.districts().end()};
    when.keywords = {wire.keywords().begin(), wire.keywords().end()};
    when.weekdays = Enums<int>(wire.weekdays(), v1::RoutingRule::Weekday_IsValid, "weekdays");
    when.classes = Enums<Class>(wire.classes(), v1::Appeal::Class_IsValid, "classes");
    if (wire.has_hours()) when.hours = Hours(wire.hours());
    if (classification::v1::Priority_IsValid(wire.priority_at_least())) {
      when.priority_at_least = static_cast<Priority>(wire.priority_at_least());
    } else {
      Add(".priorityAtLeast", "UNKNOWN_VALUE");
    }
    return when;
  }
  // Whether the condition holds exactly what the client sent.
  bool fine() const { return fine_; }

 private:
  void Add(absl::string_view field, const Text& problem) {
    violations_.Add(absl::StrCat(path_, field), problem);
    fine_ = false;
  }

  // Zero is "unspecified" everywhere.
  template <typename Enum>
  std::vector<Enum> Enums(const google::protobuf::RepeatedField<int>& wire, bool (*is_valid)(int),
                          absl::string_view field) {
    std::vector<Enum> values;
    for (int i = 0; i < wire.size(); ++i) {
      if (!is_valid(wire[i]) || wire[i] == 0) {
        Add(absl::StrCat(".", field, "[", i, "]"), "UNKNOWN_VALUE");
      }
      values.push_back(static_cast<Enum>(wire[i]));
    }
    return values;
  }

  DayWindow Hours(const v1::RoutingRule::When::Hours& wire) {
    const std::optional<int> from = MinuteFrom(wire.from(), kMinutesOfDay - 1);
    const std::optional<int> to = MinuteFrom(wire.to(), kMinutesOfDay);
    if (!from) Add(".hours.from", {"TIME_OF_DAY", {{"least", "00:00"}, {"most", "23:59"}}});
    if (!to) Add(".hours.to", {"TIME_OF_DAY", {{"least", "00:00"}, {"most", "24:00"}}});
    if (!from || !to) return {0, kMinutesOfDay};
    return {*from, *to};
  }

  const std::string path_;
  Violations& violations_;
  bool fine_ = true;
};

}  // namespace

std::vector<RoutingRule> RulesFromWire(
    const google::protobuf::RepeatedPtrField<v1::RoutingRule>& wire, Violations& violations) {
  std::vector<RoutingRule> rules;
  for (int i = 0; i < wire.size(); ++i) {
    const v1::RoutingRule& one = wire[i];
    ConditionReader reader(absl::StrCat("rules[", i, "].when"), violations);
    RoutingCondition when = reader.Read(one.when());
    rules.push_back({.id = one.id(),
                     .title = one.title(),
                     .when = std::move(when),
                     .department = one.department(),
                     .category = one.category(),
                     .enabled = reader.fine() && (!one.has_enabled() || one.enabled()),
                     .order = one.order()});
  }
  return rules;
}

v1::RoutingRule RuleToWire(const RoutingRule& rule) {
  v1::RoutingRule wire;
  wire.set_id(rule.id);
  wire.set_title(rule.title);
  wire.set_department(rule.department);
  wire.set_category(rule.category);
  wire.set_enabled(rule.enabled);
  wire.set_order(rule.order);
  v1::RoutingRule::When& when = *wire.mutable_when();
  for (const std::string& name : rule.when.categories) when.add_categories(name);
  for (const std::string& name : rule.when.districts) when.add_districts(name);
  for (const std::string& keyword : rule.when.keywords) when.add_keywords(keyword);
  for (int day : rule.when.weekdays) {
    when.add_weekdays(static_cast<v1::RoutingRule::Weekday>(day));
  }
  for (Class one : rule.when.classes) when.add_classes(static_cast<v1::Appeal::Class>(one));
  if (rule.when.hours) {
    when.mutable_hours()->set_from(TimeToWire(rule.when.hours->from));
    when.mutable_hours()->set_to(TimeToWire(rule.when.hours->to));
  }
  when.set_priority_at_least(
      static_cast<classification::v1::Priority>(rule.when.priority_at_least));
  return wire;
}

}  // namespace veche::appeals
