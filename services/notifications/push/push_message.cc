#include "services/notifications/push/push_message.h"

#include <algorithm>

#include "common/base/json_text.h"
#include "services/notifications/push/encryption.h"

namespace veche::notifications {
namespace {

// A browser that was off for longer reads the feed.
constexpr absl::Duration kUsualTtl = absl::Hours(72);
constexpr absl::Duration kLongestTtl = absl::Hours(28 * 24);  // what the large services keep
constexpr size_t kMostTitle = 600;

std::string Text(const Message& message, absl::string_view key, absl::string_view body) {
  JsonText json;
  json.BeginObject().Member("title", Shorten(message.title, kMostTitle)).Member("body", body);
  if (!message.reason.empty()) json.Member("reason", Shorten(message.reason, kMostTitle));
  if (!message.link.empty()) json.Member("link", message.link);
  if (!message.mute_link.empty()) json.Member("mute", message.mute_link);
  if (!message.subject.empty()) json.Member("subject", message.subject);
  return json.Member("severity", SeverityName(message.severity))
      .Member("tag", key)
      .EndObject()
      .Take();
}

}  // namespace

std::string PushText(const Message& message, absl::string_view key) {
  std::string body = message.body;
  std::string text = Text(message, key, body);
  while (text.size() > kMostPushText && !body.empty()) {
    // Characters that JSON escapes make it longer than the body, so one step may not be enough.
    const size_t excess = text.size() - kMostPushText;
    body = Shorten(body, body.size() > excess ? body.size() - excess : 0);
    text = Text(message, key, body);
  }
  return text;
}

absl::string_view UrgencyOf(Severity severity) {
  switch (severity) {
    case Severity::kEmergency:
      return "high";
    case Severity::kWarning:
      return "normal";
    case Severity::kInfo:
      break;
  }
  return "low";
}

int64_t TtlOf(const Message& message, absl::Time now) {
  const absl::Duration left =
      message.expire_time == absl::InfiniteFuture() ? kUsualTtl : message.expire_time - now;
  return absl::ToInt64Seconds(std::clamp(left, absl::ZeroDuration(), kLongestTtl));
}

absl::string_view SeverityName(Severity severity) {
  switch (severity) {
    case Severity::kEmergency:
      return "EMERGENCY";
    case Severity::kWarning:
      return "WARNING";
    case Severity::kInfo:
      break;
  }
  return "INFO";
}

}  // namespace veche::notifications
