#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/notifications/domain/alert.h"
#include "services/notifications/domain/district_map.h"

namespace veche::notifications {

// What the open feeds say about the city. Pure.
struct FeedContext {
  std::string public_url;  // "https://city.example.org", without a slash at the end
  std::string city;        // its name
  std::string language;    // the city's
  absl::TimeZone zone;
  std::vector<Topic> topics;
  std::shared_ptr<const DistrictMap> districts;  // null while the directory is unknown

  // "city.example.org": names the city in identifiers.
  std::string Host() const;
  // In `language`, or another that there is; the id of an unknown topic.
  std::string TopicTitle(absl::string_view name, absl::string_view language) const;
  // The titles of the districts, or the name of the city for none.
  std::string PlaceTitle(const std::vector<std::string>& districts,
                         absl::string_view language) const;
};

}  // namespace veche::notifications
