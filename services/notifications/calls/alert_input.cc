#include "services/notifications/calls/alert_input.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/api/timestamp.h"
#include "common/base/texts.h"
#include "common/geo/boundary.h"
#include "common/text/normalize.h"
#include "common/text/utf8.h"
#include "google/api/field_behavior.pb.h"
#include "google/protobuf/util/field_mask_util.h"
#include "google/protobuf/util/json_util.h"
#include "services/notifications/wire/alert_content.h"

namespace veche::notifications {
namespace {

using google::protobuf::FieldDescriptor;

constexpr size_t kLongestActionTitle = 60;
constexpr size_t kLongestFileTitle = 200;
constexpr size_t kLongestTopicTitle = 100;
constexpr size_t kLongestTopicId = 32;
constexpr int kMostActions = 5;
constexpr int kMostDistricts = 100;
constexpr absl::Duration kLongestWait = absl::Hours(24 * 366);

struct TextRules {
  size_t most = 0;  // characters
  bool single_line = false;
  bool required = false;
};

template <typename Map>
Titles ReadTexts(const Map& texts, const std::string& field, const TextRules& rules,
                 Violations& violations) {
  Titles result;
  if (rules.required && texts.empty()) violations.Add(field, "REQUIRED");
  for (const auto& [language, text] : texts) {
    const std::string path = absl::StrCat(field, ".", language);
    if (!IsLanguage(language)) {
      violations.Add(path, "LANGUAGE_UNKNOWN");
      continue;
    }
    const Text problem = text::TextProblem(
        text,
        {.min_characters = 1, .max_characters = rules.most, .single_line = rules.single_line});
    if (!problem.empty()) violations.Add(path, problem);
    result[language] = text::Clean(text);
  }
  return result;
}

// Whether `link` is an absolute address of one of the schemes, without spaces or control
// characters.
bool IsLink(absl::string_view link, std::initializer_list<absl::string_view> schemes) {
  const bool known = std::any_of(schemes.begin(), schemes.end(), [&](absl::string_view scheme) {
    return absl::StartsWith(link, scheme) && link.size() > scheme.size();
  });
  return known && link.size() <= kLongestLink && text::IsValidUtf8(link) &&
         absl::c_none_of(link, [](unsigned char c) {
           return c <= ' ' || c == 0x7f || c == '<' || c == '>' || c == '"';
         });
}

std::vector<AlertAction> ReadActions(const v1::Alert& wire, Violations& violations) {
  std::vector<AlertAction> actions;
  if (wire.actions_size() > kMostActions) {
    violations.Add("actions", {"TOO_MANY", {{"most", absl::StrCat(kMostActions)}}});
    return actions;
  }
  for (int i = 0; i < wire.actions_size(); ++i) {
    const std::string field = absl::StrCat("actions[", i, "]");
    AlertAction& action = actions.emplace_back();
    action.titles =
        ReadTexts(wire.actions(i).titles(), field + ".titles",
                  {.most = kLongestActionTitle, .single_line = true, .required = true}, violations);
    action.link = wire.actions(i).link();
    if (!IsLink(action.link, {"https://", "http://", "tel:", "mailto:"})) {
      violations.Add(field + ".link", "ACTION_LINK_FORM");
    }
  }
  return actions;
}

void CheckTopic(const std::string& topic, const AlertRules& rules, Violations& violations) {
  if (topic.empty()) return violations.Add("topic", "REQUIRED");
  const auto found =
      absl::c_find_if(rules.topics, [&](const Topic& known) { return known.name == topic; });
  if (found == rules.topics.end()) return violations.Add("topic", "TOPIC_UNKNOWN");
  if (found->retired && topic != rules.former_topic) violations.Add("topic", "TOPIC_RETIRED");
}

void CheckSeverity(const v1::Alert& wire, Violations& violations) {
  if (wire.severity() == v1::Alert::SEVERITY_UNSPECIFIED) {
    violations.Add("severity", "REQUIRED");
  } else if (!v1::Alert::Severity_IsValid(wire.severity())) {
    violations.Add("severity", "UNKNOWN_VALUE");
  }
}

void CheckDistricts(const v1::Alert& wire, const AlertRules& rules, Violations& violations) {
  if (wire.districts_size() > kMostDistricts) {
    return violations.Add("districts", {"TOO_MANY", {{"most", absl::StrCat(kMostDistricts)}}});
  }
  for (int i = 0; i < wire.districts_size(); ++i) {
    const std::string field = absl::StrCat("districts[", i, "]");
    if (!rules.districts->Has(wire.districts(i))) violations.Add(field, "DISTRICT_UNKNOWN");
    const auto before = wire.districts().begin() + i;
    if (std::find(wire.districts().begin(), before, wire.districts(i)) != before) {
      violations.Add(field, "REPEATED");
    }
  }
}

// The positions of all rings, without a look at what they hold; a limit makes it cheap.
int CountPositions(const google::protobuf::Value& value, int depth) {
  if (!value.has_list_value() || depth == 0) return 0;
  const auto& items = value.list_value().values();
  const bool position = !items.empty() && items[0].has_number_value();
  if (position) return 1;
  int count = 0;
  for (const google::protobuf::Value& item : items) {
    count += CountPositions(item, depth - 1);
    if (count > kMostAreaPositions) break;
  }
  return count;
}

// Adds the districts that the area overlaps to those that the editor names.
void ReadArea(const v1::Alert& wire, const AlertRules& rules, Alert& alert,
              Violations& violations) {
  const auto& fields = wire.area().fields();
  const auto coordinates = fields.find("coordinates");
  constexpr int kDeepest = 4;  // of a MultiPolygon
  if (coordinates != fields.end() &&
      CountPositions(coordinates->second, kDeepest) > kMostAreaPositions) {
    return violations.Add("area",
                          {"TOO_MANY_POSITIONS", {{"most", absl::StrCat(kMostAreaPositions)}}});
  }
  const absl::StatusOr<geo::Boundary> area = geo::Boundary::FromGeoJson(wire.area());
  if (!area.ok()) {
    return violations.Add("area", {"NOT_A_POLYGON",
                                   {{"place", ErrorMetadataValue(area.status(), "place")},
                                    {"problem", ErrorMetadataValue(area.status(), "problem")}}});
  }
  // Other members of the object, such as a bounding box, are not kept.
  google::protobuf::Struct geometry;
  for (const char* member : {"type", "coordinates"}) {
    (*geometry.mutable_fields())[member] = fields.at(member);
  }
  (void)google::protobuf::util::MessageToJsonString(geometry, &alert.content.area);
  const std::vector<std::string> overlapping = rules.districts->Overlapping(*area);
  if (overlapping.empty() && !rules.districts->empty()) {
    return violations.Add("area", "AREA_OUTSIDE");
  }
  alert.districts.insert(alert.districts.end(), overlapping.begin(), overlapping.end());
}

void ReadTimes(const v1::Alert& wire, const AlertRules& rules, Alert& alert,
               Violations& violations) {
  if (wire.has_publish_time()) {
    alert.publish_time = api::FromTimestamp(wire.publish_time());
    if (*alert.publish_time > rules.now + kLongestWait) {
      violations.Add("publishTime", "PUBLISH_TIME_TOO_FAR");
    }
  }
  if (!wire.has_expire_time()) return;
  alert.expire_time = api::FromTimestamp(wire.expire_time());
  const absl::Time first = alert.publish_time.value_or(rules.now);
  const absl::Time least = rules.past ? first : std::max(first, rules.now);
  if (*alert.expire_time <= least) violations.Add("expireTime", "EXPIRE_TIME");
}

void CheckFileTitles(const v1::Alert& wire, Violations& violations) {
  for (int i = 0; i < wire.attachments_size(); ++i) {
    const Text problem = text::TextProblem(
        wire.attachments(i).title(), {.max_characters = kLongestFileTitle, .single_line = true});
    if (!problem.empty()) violations.Add(absl::StrCat("attachments[", i, "].title"), problem);
  }
}

template <typename Map>
void NameLanguage(const std::string& language, std::string* text, Map& texts) {
  if (!text->empty() && texts.count(language) == 0) texts[language] = *text;
  text->clear();
}

bool IsEditable(const FieldDescriptor& field) {
  if (field.name() == "name") return false;
  const auto& behaviors = field.options().GetRepeatedExtension(google::api::field_behavior);
  return !absl::c_linear_search(behaviors, google::api::OUTPUT_ONLY);
}

// The map of a text without a language.
std::string MapOf(const std::string& path) {
  if (path == "title") return "titles";
  if (path == "body") return "bodies";
  return path == "instruction" ? "instructions" : path;
}

}  // namespace

bool NeedsDistricts(const v1::Alert& wire) { return !wire.districts().empty() || wire.has_area(); }

void NameLanguages(const std::string& language, v1::Alert& wire) {
  NameLanguage(language, wire.mutable_title(), *wire.mutable_titles());
  NameLanguage(language, wire.mutable_body(), *wire.mutable_bodies());
  NameLanguage(language, wire.mutable_instruction(), *wire.mutable_instructions());
  for (v1::AlertAction& action : *wire.mutable_actions()) {
    NameLanguage(language, action.mutable_title(), *action.mutable_titles());
  }
}

v1::Alert Merge(v1::Alert alert, const v1::Alert& update, google::protobuf::FieldMask mask,
                Violations& violations) {
  const google::protobuf::Descriptor& descriptor = *v1::Alert::descriptor();
  if (mask.paths().empty()) {
    std::vector<const FieldDescriptor*> given;
    update.GetReflection()->ListFields(update, &given);
    for (const FieldDescriptor* field : given) {
      if (IsEditable(*field)) mask.add_paths(field->name());
    }
  }
  for (std::string& path : *mask.mutable_paths()) {
    path = MapOf(path);
    const FieldDescriptor* field = descriptor.FindFieldByName(path);
    if (field == nullptr || !IsEditable(*field)) {
      violations.Add("updateMask", {"UPDATE_MASK", {{"field", path}}});
      return alert;
    }
  }
  google::protobuf::util::FieldMaskUtil::MergeOptions options;
  options.set_replace_message_fields(true);
  options.set_replace_repeated_fields(true);
  google::protobuf::util::FieldMaskUtil::MergeMessageTo(update, mask, options, &alert);
  return alert;
}

Alert ReadAlert(const v1::Alert& wire, const AlertRules& rules, Violations& violations) {
  Alert alert;
  alert.content = ReadContent(wire);
  AlertContent& content = alert.content;
  CheckTopic(content.topic, rules, violations);
  CheckSeverity(wire, violations);
  content.titles =
      ReadTexts(wire.titles(), "titles",
                {.most = kLongestAlertTitle, .single_line = true, .required = true}, violations);
  content.bodies = ReadTexts(wire.bodies(), "bodies", {.most = kLongestAlertBody}, violations);
  content.instructions =
      ReadTexts(wire.instructions(), "instructions", {.most = kLongestInstruction}, violations);
  if (!content.link.empty() && !IsLink(content.link, {"https://", "http://"})) {
    violations.Add("link", "LINK_FORM");
  }
  content.actions = ReadActions(wire, violations);
  CheckFileTitles(wire, violations);
  if (!wire.districts().empty()) CheckDistricts(wire, rules, violations);
  alert.districts = content.districts;
  content.area.clear();
  if (wire.has_area()) ReadArea(wire, rules, alert, violations);
  absl::c_sort(alert.districts);
  alert.districts.erase(std::unique(alert.districts.begin(), alert.districts.end()),
                        alert.districts.end());
  ReadTimes(wire, rules, alert, violations);
  alert.supersedes = AlertId(wire.supersedes());
  if (!wire.supersedes().empty() && alert.supersedes.empty()) {
    violations.Add("supersedes", {"NAME_FORM", {{"form", "alerts/{id}"}}});
  }
  return alert;
}

Topic ReadTopic(const v1::Topic& wire, Violations& violations) {
  Topic topic{.name = wire.name(), .position = wire.position(), .retired = wire.retired()};
  absl::string_view id = wire.name();
  const bool named =
      absl::ConsumePrefix(&id, "topics/") && !id.empty() && id.size() <= kLongestTopicId &&
      absl::ascii_islower(id[0]) && absl::c_all_of(id, [](unsigned char c) {
        return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '_' || c == '-';
      });
  if (!named) violations.Add("name", "TOPIC_ID_FORM");
  topic.titles =
      ReadTexts(wire.titles(), "titles",
                {.most = kLongestTopicTitle, .single_line = true, .required = true}, violations);
  return topic;
}

std::string FullName(absl::string_view collection, absl::string_view name) {
  if (name.empty() || absl::StartsWith(name, collection)) return std::string(name);
  return absl::StrCat(collection, name);
}

}  // namespace veche::notifications
