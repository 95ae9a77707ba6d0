#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/notifications/domain/interest.h"

namespace veche::notifications {

constexpr int kMinutesOfDay = 24 * 60;

// The hours in which a subscriber does not want messages. What comes in them is sent together
// afterwards, except emergencies.
struct QuietHours {
  int start = 0;                     // minutes of the day, 0 to 1439
  int end = 0;                       // not `start`; before `start`: on the next day
  std::optional<int> digest_minute;  // when held messages are sent; nullopt: at `end`
  std::string time_zone;             // IANA

  friend bool operator==(const QuietHours&, const QuietHours&) = default;
};

// What a resident or a device without an account wants to hear of.
struct Subscription {
  int64_t id = 0;          // dense
  std::string subscriber;  // "residents/{id}" or "devices/{id}"
  std::vector<std::string> topics;
  std::vector<std::string> muted;
  std::vector<std::string> districts;        // empty: the home district
  std::optional<std::string> home_district;  // nullopt: not known yet; "" for none
  Channels channels = kInApp;
  std::optional<QuietHours> quiet_hours;
  std::string language;          // one of kLanguages
  bool contact_messages = true;  // whether changes of own matters go to the contact
  int64_t read_through = 0;      // posts of alerts up to this number count as read
  std::string token_hash;        // of a device
  absl::Time create_time;
  absl::Time update_time;
  int64_t version = 0;
};

// The topics and districts of the subscription.
Interest InterestOf(const Subscription& subscription);

// When a message that comes at `now` may be sent: `now`, or the time of the digest after the quiet
// hours.
absl::Time SendTime(const std::optional<QuietHours>& quiet_hours, absl::Time now);

// "22:30" as minutes of the day, nullopt for any other form; and back.
std::optional<int> ParseMinute(absl::string_view text);
std::string FormatMinute(int minute);

}  // namespace veche::notifications
