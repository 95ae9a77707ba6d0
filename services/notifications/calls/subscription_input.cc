#include "services/notifications/calls/subscription_input.h"

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace veche::notifications {
namespace {

constexpr int kMostNames = 100;

template <typename Exists>
std::vector<std::string> ReadNames(const Names& names, absl::string_view field, Exists exists,
                                   const char* unknown, Violations& violations) {
  std::vector<std::string> read;
  if (names.size() > kMostNames) {
    violations.Add(field, {"TOO_MANY", {{"most", absl::StrCat(kMostNames)}}});
    return read;
  }
  for (int i = 0; i < names.size(); ++i) {
    if (!exists(names[i])) {
      violations.Add(absl::StrCat(field, "[", i, "]"), unknown);
    } else if (!absl::c_linear_search(read, names[i])) {
      read.push_back(names[i]);
    }
  }
  return read;
}

int ReadMinute(const std::string& text, const std::string& field, Violations& violations) {
  const std::optional<int> minute = ParseMinute(text);
  if (!minute) violations.Add(field, "TIME_OF_DAY");
  return minute.value_or(0);
}

}  // namespace

std::vector<std::string> ReadTopics(const Names& names, const Choices& choices,
                                    absl::string_view field, Violations& violations) {
  return ReadNames(
      names, field,
      [&](const std::string& name) {
        return absl::c_any_of(choices.topics,
                              [&](const Topic& topic) { return topic.name == name; });
      },
      "TOPIC_UNKNOWN", violations);
}

std::vector<std::string> ReadDistricts(const Names& names, const Choices& choices,
                                       absl::string_view field, Violations& violations) {
  return ReadNames(
      names, field,
      [&](const std::string& name) {
        return choices.districts != nullptr && choices.districts->Has(name);
      },
      "DISTRICT_UNKNOWN", violations);
}

Channels ReadChannels(const google::protobuf::RepeatedField<int>& channels, absl::string_view field,
                      Violations& violations) {
  Channels read = 0;
  for (int i = 0; i < channels.size(); ++i) {
    if (channels[i] < v1::Subscription::IN_APP || channels[i] > v1::Subscription::WEBHOOK) {
      violations.Add(absl::StrCat(field, "[", i, "]"), "UNKNOWN_VALUE");
    } else {
      read |= Channels{1} << (channels[i] - 1);
    }
  }
  return read == 0 ? kInApp : read;
}

QuietHours ReadQuietHours(const v1::QuietHours& quiet_hours, const Choices& choices,
                          absl::string_view field, Violations& violations) {
  const auto path = [&](absl::string_view part) { return absl::StrCat(field, ".", part); };
  QuietHours read{
      .start = ReadMinute(quiet_hours.start(), path("start"), violations),
      .end = ReadMinute(quiet_hours.end(), path("end"), violations),
      .time_zone = quiet_hours.time_zone().empty() ? choices.time_zone : quiet_hours.time_zone()};
  if (read.start == read.end) violations.Add(path("end"), "QUIET_HOURS_EMPTY");
  if (!quiet_hours.digest_time().empty()) {
    read.digest_minute = ReadMinute(quiet_hours.digest_time(), path("digestTime"), violations);
  }
  absl::TimeZone zone;
  if (!absl::LoadTimeZone(read.time_zone, &zone)) {
    violations.Add(path("timeZone"), "TIME_ZONE_UNKNOWN");
  }
  return read;
}

v1::QuietHours ToWire(const QuietHours& quiet_hours) {
  v1::QuietHours wire;
  wire.set_start(FormatMinute(quiet_hours.start));
  wire.set_end(FormatMinute(quiet_hours.end));
  wire.set_time_zone(quiet_hours.time_zone);
  if (quiet_hours.digest_minute) wire.set_digest_time(FormatMinute(*quiet_hours.digest_minute));
  return wire;
}

v1::Subscription ToWire(const Subscription& subscription) {
  v1::Subscription wire;
  for (const std::string& topic : subscription.topics) wire.add_topics(topic);
  for (const std::string& topic : subscription.muted) wire.add_muted_topics(topic);
  for (const std::string& district : subscription.districts) wire.add_districts(district);
  for (int bit = 0; bit < kChannelCount; ++bit) {
    if ((subscription.channels & (Channels{1} << bit)) != 0) {
      wire.add_channels(static_cast<v1::Subscription::Channel>(bit + 1));
    }
  }
  if (subscription.quiet_hours) *wire.mutable_quiet_hours() = ToWire(*subscription.quiet_hours);
  wire.set_contact_messages(subscription.contact_messages);
  wire.set_home_district(subscription.home_district.value_or(""));
  return wire;
}

}  // namespace veche::notifications
