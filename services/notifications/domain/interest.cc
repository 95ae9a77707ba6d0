#include "services/notifications/domain/interest.h"

#include "absl/algorithm/container.h"

namespace veche::notifications {

bool Includes(const Interest& interest, absl::string_view topic) {
  if (absl::c_linear_search(interest.muted, topic)) return false;
  return interest.topics.empty() || absl::c_linear_search(interest.topics, topic);
}

bool Concerns(const Interest& interest, absl::string_view topic,
              absl::Span<const std::string> districts) {
  if (!Includes(interest, topic)) return false;
  return districts.empty() || absl::c_any_of(districts, [&](const std::string& district) {
           return absl::c_linear_search(interest.districts, district);
         });
}

}  // namespace veche::notifications
