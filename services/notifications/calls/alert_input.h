#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/base/error.h"
#include "google/protobuf/field_mask.pb.h"
#include "services/notifications/domain/alert.h"
#include "services/notifications/domain/district_map.h"
#include "veche/notifications/v1/alerts.pb.h"

// Checks of what editors write. Pure.

namespace veche::notifications {

inline constexpr size_t kLongestAlertTitle = 200;  // characters
inline constexpr size_t kLongestAlertBody = 10'000;
inline constexpr size_t kLongestInstruction = 2'000;
inline constexpr size_t kLongestRemark = 2'000;  // a review comment, a reason
inline constexpr size_t kLongestLink = 2'000;    // bytes
inline constexpr int kMostAlertFiles = 10;
inline constexpr int kMostAreaPositions = 10'000;

// What an alert is checked against.
struct AlertRules {
  absl::Time now;
  const DistrictMap* districts = nullptr;  // null only when NeedsDistricts is false
  std::vector<Topic> topics;
  std::string former_topic;  // may be retired
  bool past = false;         // whether times may be in the past
};

// Whether `wire` names places, which have to be checked.
bool NeedsDistricts(const v1::Alert& wire);

// Moves the texts without a language to the maps, as texts in `language`; a map that has this
// language wins.
void NameLanguages(const std::string& language, v1::Alert& wire);

// `alert` with the fields of `mask` taken from `update`, or with all fields that `update` has when
// `mask` has no paths. Adds a violation for each path that is not a field that editors write. Call
// NameLanguages on `update` before.
v1::Alert Merge(v1::Alert alert, const v1::Alert& update, google::protobuf::FieldMask mask,
                Violations& violations);

// The content, districts, times and superseded alert that `wire` describes, and a violation for
// each field that is not right. The files must be checked before: the names in `wire` are those of
// files that exist.
Alert ReadAlert(const v1::Alert& wire, const AlertRules& rules, Violations& violations);

// A topic that an editor writes. Its titles and name are checked.
Topic ReadTopic(const v1::Topic& wire, Violations& violations);

// The name of a topic or district: "topics/{id}" of that name or of the id alone; "" for "".
std::string FullName(absl::string_view collection, absl::string_view name);

}  // namespace veche::notifications
