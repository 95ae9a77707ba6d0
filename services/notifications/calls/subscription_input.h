#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "services/notifications/domain/alert.h"
#include "services/notifications/domain/district_map.h"
#include "services/notifications/domain/subscription.h"
#include "veche/notifications/v1/subscriptions.pb.h"

// Reads what a client chooses. Pure functions.

namespace veche::notifications {

// What a client can choose from.
struct Choices {
  std::vector<Topic> topics;
  std::shared_ptr<const DistrictMap> districts;  // null while the directory is not reached
  std::string time_zone;                         // the city's
};

using Names = google::protobuf::RepeatedPtrField<std::string>;

// The names of topics or districts, each once. Adds a violation for each that does not exist, and
// when there are too many; `field` is the path of the list. Without a copy of the directory no
// district exists.
std::vector<std::string> ReadTopics(const Names& names, const Choices& choices,
                                    absl::string_view field, Violations& violations);
std::vector<std::string> ReadDistricts(const Names& names, const Choices& choices,
                                       absl::string_view field, Violations& violations);
Channels ReadChannels(const google::protobuf::RepeatedField<int>& channels, absl::string_view field,
                      Violations& violations);
QuietHours ReadQuietHours(const v1::QuietHours& quiet_hours, const Choices& choices,
                          absl::string_view field, Violations& violations);

v1::QuietHours ToWire(const QuietHours& quiet_hours);
v1::Subscription ToWire(const Subscription& subscription);

}  // namespace veche::notifications
