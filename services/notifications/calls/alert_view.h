#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/notifications/domain/alert.h"
#include "veche/notifications/v1/alerts.pb.h"

namespace veche::notifications {

// Who looks at an alert.
struct AlertView {
  std::string language;
  absl::Time now;
  std::string public_url;  // "https://city.example.org", without a slash at the end
  bool editor = false;     // sees who wrote it
};

v1::Alert ToWire(const Alert& alert, const AlertView& view);
v1::Topic ToWire(const Topic& topic, absl::string_view language);

// The text for If-Match.
std::string EtagOf(const Alert& alert);

}  // namespace veche::notifications
